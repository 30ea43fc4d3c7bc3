using Gamekeeper.Accounts;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.Accounts;

public sealed class RowSecurityTests
{
    [Fact]
    public async Task Requests_that_share_one_connection_never_see_each_others_actor()
    {
        var oneConnection = new TestDatabaseOptions(
            Configure: s => Microsoft.Extensions.DependencyInjection.OptionsServiceCollectionExtensions.Configure<GameDatabaseOptions>(s, o => o.MaxConnections = 1)
        );
        await using var world = await AccountWorld.CreateAsync(oneConnection);
        var people = new[] { await world.PersonAsync("mira"), await world.PersonAsync("zoe"), await world.PersonAsync("ada") };
        var accounts = world.Db.Get<AccountRepository>();

        await Parallel.ForEachAsync(Enumerable.Range(0, 60), async (i, ct) =>
        {
            var (me, other) = (people[i % 3], people[(i + 1) % 3]);
            var actor = Actor.Player(me.Id, world.Clock);
            (await world.Db.Database.ListAsync(new AllIds(), ReadConsistency.Strong, actor, ct)).ShouldBe([me.Id]);
            (await accounts.FindAsync(other.Id, actor, ct)).ShouldBeNull();
            // Nothing is left behind for whoever names no actor.
            (await world.Db.Database.ListAsync(new AllIds(), ct)).ShouldBeEmpty();
        });
    }

    [Fact]
    public async Task A_player_changes_the_own_row_and_of_it_what_is_a_players()
    {
        await using var world = await AccountWorld.CreateAsync();
        var (mira, zoe) = (await world.PersonAsync("mira"), await world.PersonAsync("zoe"));

        (await AsPlayerAsync(world, mira.Id, "update core.accounts set display_name = 'seized' returning id")).ShouldBe([mira.Id]);
        (await AsPlayerAsync(world, mira.Id, $"update core.accounts set display_name = 'seized' where id = '{zoe.Id}' returning id")).ShouldBeEmpty();
        foreach (var change in new[] { "roles = array['operator']", "email_verified = true", "frozen_at = now(), frozen_reason = 'x'", "is_active = false, closed_at = now()" })
            (await Should.ThrowAsync<PostgresException>(AsPlayerAsync(world, mira.Id, $"update core.accounts set {change} returning id"))).SqlState.ShouldBe("42501", change);
        (await Should.ThrowAsync<PostgresException>(AsPlayerAsync(world, mira.Id, "insert into core.accounts (username) values ('extra') returning id"))).SqlState.ShouldBe("42501");
    }

    [Theory]
    [InlineData("delete from core.accounts")]
    [InlineData("truncate core.accounts")]
    [InlineData("update core.accounts set id = gen_random_uuid()")]
    [InlineData("update core.accounts set created_at = now()")]
    [InlineData("alter table core.accounts disable row level security")]
    [InlineData("delete from core.account_keys")]
    [InlineData("update core.service_keys set secret_hash = ''")]
    [InlineData("delete from core.signing_keys")]
    [InlineData("update core.signing_keys set public_key = ''")]
    public async Task The_application_role_has_no_right_to(string sql)
    {
        await using var world = await AccountWorld.CreateAsync();

        (await Should.ThrowAsync<PostgresException>(world.Db.ExecuteAsync(TestRole.App, sql))).SqlState.ShouldBe("42501");
    }

    [Theory]
    [InlineData("email_ciphertext")]
    [InlineData("password_hash")]
    [InlineData("settings")]
    [InlineData("frozen_reason")]
    public async Task Readers_see_accounts_and_not_their(string column)
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.PersonAsync("mira");

        foreach (var role in new[] { TestRole.Readonly, TestRole.Auditor })
        {
            (await world.Db.ScalarAsync<string>(role, "select username from core.accounts")).ShouldBe("mira");
            (await Should.ThrowAsync<PostgresException>(world.Db.ScalarAsync<string>(role, $"select {column}::text from core.accounts"))).SqlState.ShouldBe("42501");
        }
    }

    [Fact]
    public async Task Anyone_may_know_what_is_public_of_an_account()
    {
        await using var world = await AccountWorld.CreateAsync();
        var (mira, zoe) = (await world.PersonAsync("Mira"), await world.PersonAsync("Zoe"));
        var accounts = world.Db.Get<AccountRepository>();

        (await accounts.PublicAsync([mira.Id, zoe.Id, Guid.Empty])).Select(a => a.Username).ShouldBe(["Mira", "Zoe"], ignoreOrder: true);
        (await accounts.FindByUsernameAsync("mIRA"))!.Id.ShouldBe(mira.Id);
        (await accounts.FindByUsernameAsync("nobody")).ShouldBeNull();
        Should.Throw<ArgumentException>(() => accounts.PublicAsync([.. Enumerable.Repeat(Guid.Empty, 1001)]));
    }

    [Fact]
    public async Task Audit_images_hold_no_personal_or_secret_column()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.PersonAsync("mira", "mira@example.com");
        await world.SignInAsync("mira");

        var hidden = await world.Db.ListAsync<string>(
            TestRole.Superuser,
            """
            select distinct a.table_name || '.' || k.key
            from core.audit_log a
            cross join lateral jsonb_object_keys(coalesce(a.new_values, '{}') || coalesce(a.old_values, '{}')) as k (key)
            join pg_description d on d.objoid = ('core.' || a.table_name)::regclass
            join pg_attribute c on c.attrelid = d.objoid and c.attnum = d.objsubid and c.attname = k.key
            where d.description like 'personal:%' or d.description like 'secret:%'
            """
        );

        hidden.ShouldBeEmpty();
        (await world.CountAsync("select count(*) from core.audit_log where table_name = 'accounts' and new_values ? 'username'")).ShouldBe(2);
    }

    [Theory]
    [InlineData("select * from core.accounts where username_key = 'p7'", "accounts_username_unique")]
    [InlineData("select * from core.public_accounts where username_key = 'p7'", "accounts_username_unique")]
    [InlineData("select * from core.public_accounts where id = any(array['00000000-0000-0000-0000-000000000007'::uuid])", "accounts_pkey")]
    [InlineData("select * from core.login_sessions where refresh_token_hash = 'x' for no key update", "login_sessions_token_unique")]
    [InlineData("select * from core.email_hashes where key_id = 'x' and email_hash = 'y'", "email_hashes_pkey")]
    public async Task Row_security_leaves_the_index_in_use(string sql, string index)
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.Db.ExecuteAsync(
            TestRole.Superuser,
            """
            insert into core.accounts (username) select 'p' || i from generate_series(10, 5000) i;
            insert into core.login_sessions (account_id, refresh_token_hash, expires_at)
              select id, encode(sha256(username::bytea), 'hex'), now() from core.accounts;
            insert into core.email_hashes (key_id, email_hash, account_id) select '00000000', sha256(username::bytea), id from core.accounts;
            analyze core.accounts, core.login_sessions, core.email_hashes;
            """
        );

        var plan = await world.Db.ListAsync<string>(TestRole.App, $"explain {sql}");

        string.Join('\n', plan).ShouldContain(index);
    }

    private static async Task<IReadOnlyList<Guid>> AsPlayerAsync(AccountWorld world, Guid player, string sql)
    {
        await using var connection = await world.Db.OpenAsync(TestRole.App);
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var actor = new NpgsqlCommand($"select core.set_actor('{player}', 'player', gen_random_uuid())", connection, transaction))
            await actor.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync())
            ids.Add(reader.GetGuid(0));
        return ids;
    }
}

file sealed record AllIds : IQuery<AllIds, Guid>
{
    public static string Sql => "select id from core.accounts";

    public void Bind(StatementParameters parameters) { }

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}
