using System.Text.Json;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.Auditing;

public sealed class AuditTriggerTests
{
    [Fact]
    public async Task Insert_update_and_delete_leave_their_images_and_who_did_it()
    {
        await using var db = await TestDatabase.CreateAsync();
        var player = Actor.Player(Guid.CreateVersion7(), db.Clock);
        var coin = Guid.CreateVersion7();

        await db.Database.WriteAsync(player, (unit, ct) => unit.ListAsync(new PutCoin(coin, 5), ct));
        await db.Database.WriteAsync(player, (unit, ct) => unit.ListAsync(new SetAmount(coin, 8), ct));
        await db.Database.WriteAsync(player, (unit, ct) => unit.ListAsync(new TakeCoin(coin), ct));

        var trail = await TrailAsync(db, coin);
        trail.Select(t => t.Action).ShouldBe(["INSERT", "UPDATE", "DELETE"]);
        trail.ShouldAllBe(t => t.User == player.Id && t.Kind == "player" && t.Request == player.RequestId && t.Table == "coins");
        trail.Select(t => (Amount(t.Old), Amount(t.New))).ShouldBe([(null, 5), (5, 8), (8, null)]);
    }

    [Fact]
    public async Task A_personal_column_is_in_no_image()
    {
        await using var db = await TestDatabase.CreateAsync();
        var coin = Guid.CreateVersion7();
        await db.ExecuteAsync(TestRole.App, $"insert into sample_game.coins (id, owner_id, amount, note) values ('{coin}', gen_random_uuid(), 1, 'Jane Doe')");
        await db.ExecuteAsync(TestRole.App, $"update sample_game.coins set note = 'John Doe' where id = '{coin}'");
        await db.ExecuteAsync(TestRole.App, $"delete from sample_game.coins where id = '{coin}'");

        var trail = await TrailAsync(db, coin);

        trail.Count.ShouldBe(3);
        trail.ShouldAllBe(t => !$"{t.Old}{t.New}".Contains("Doe") && !$"{t.Old}{t.New}".Contains("note"));
    }

    [Fact]
    public async Task A_statement_on_many_rows_leaves_one_image_a_row_and_none_for_rows_that_stayed_the_same()
    {
        await using var db = await TestDatabase.CreateAsync();
        await db.ExecuteAsync(TestRole.App, "insert into sample_game.coins (owner_id, amount) select gen_random_uuid(), n from generate_series(1, 100) n");
        await db.ExecuteAsync(TestRole.Owner, "alter table sample_game.coins disable trigger coins_updated_at");

        await db.ExecuteAsync(TestRole.App, "update sample_game.coins set amount = greatest(amount, 51)");

        (await db.ListAsync<string>(TestRole.Auditor, "select action || ' ' || count(*) from sample_game.audit_log group by action order by action"))
            .ShouldBe(["INSERT 100", "UPDATE 50"]);
    }

    [Fact]
    public async Task What_is_rolled_back_leaves_no_trace()
    {
        await using var db = await TestDatabase.CreateAsync();
        var coin = Guid.CreateVersion7();

        await db.Database.WriteAsync(
            Actor.System(db.Clock),
            async (unit, ct) =>
            {
                await unit.ListAsync(new PutCoin(coin, 5), ct);
                return unit.Refuse("no");
            }
        );

        (await TrailAsync(db, coin)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Raw_sql_has_no_actor_even_on_a_connection_that_had_one()
    {
        await using var db = await TestDatabase.CreateAsync();
        var coin = Guid.CreateVersion7();
        await using var connection = await db.OpenAsync(TestRole.App);
        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }

        // A setting that was set once comes back as an empty string after its transaction.
        await RunAsync("begin");
        await RunAsync("select core.set_actor(gen_random_uuid(), 'player', gen_random_uuid())");
        await RunAsync("commit");
        await RunAsync($"insert into sample_game.coins (id, owner_id, amount) values ('{coin}', gen_random_uuid(), 1)");

        var image = (await TrailAsync(db, coin)).Single();
        (image.User, image.Kind, image.Request).ShouldBe((null, null, null));
    }

    [Fact]
    public async Task When_the_image_cannot_be_written_the_change_is_not_made()
    {
        await using var db = await TestDatabase.CreateAsync();
        await db.ExecuteAsync(
            TestRole.Superuser,
            "do $$ declare p text; begin for p in select inhrelid::regclass::text from pg_inherits where inhparent = 'sample_game.audit_log'::regclass loop execute 'drop table ' || p; end loop; end $$"
        );

        await Should.ThrowAsync<PostgresException>(
            db.ExecuteAsync(TestRole.App, "insert into sample_game.coins (owner_id, amount) values (gen_random_uuid(), 1)")
        );

        (await db.ScalarAsync<long>(TestRole.App, "select count(*) from sample_game.coins")).ShouldBe(0);
    }

    [Fact]
    public async Task The_trails_of_all_schemas_are_read_together()
    {
        await using var db = await TestDatabase.CreateAsync();
        await db.ExecuteAsync(TestRole.App, "insert into sample_game.coins (owner_id, amount) values (gen_random_uuid(), 1)");

        (await db.ListAsync<string>(TestRole.Auditor, "select distinct schema_name from core.audit_trail where table_name = 'coins'")).ShouldBe(["sample_game"]);
    }

    private static int? Amount(string? image) => image is null ? null : JsonDocument.Parse(image).RootElement.GetProperty("amount").GetInt32();

    private static Task<IReadOnlyList<AuditImage>> TrailAsync(TestDatabase db, Guid coin) => db.Database.ListAsync(new FindImages(coin));
}

internal sealed record AuditImage(string Table, string Action, string? Old, string? New, Guid? User, string? Kind, Guid? Request);

file sealed record FindImages(Guid Coin) : IQuery<FindImages, AuditImage>
{
    public static string Sql =>
        """
        select table_name, action, old_values::text, new_values::text, user_id, actor_kind, request_id
        from sample_game.audit_log
        where record_id = $1
        order by id
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Coin.ToString());

    public static AuditImage Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            row.IsDBNull(2) ? null : row.GetString(2),
            row.IsDBNull(3) ? null : row.GetString(3),
            row.IsDBNull(4) ? null : row.GetGuid(4),
            row.IsDBNull(5) ? null : row.GetString(5),
            row.IsDBNull(6) ? null : row.GetGuid(6)
        );
}

file sealed record PutCoin(Guid Id, long Amount) : IQuery<PutCoin, Guid>
{
    public static string Sql => "insert into sample_game.coins (id, owner_id, amount) values ($1, $1, $2) returning id";

    public void Bind(StatementParameters parameters) => parameters.Add(Id).Add(Amount);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}

file sealed record SetAmount(Guid Id, long Amount) : IQuery<SetAmount, Guid>
{
    public static string Sql => "update sample_game.coins set amount = $2 where id = $1 returning id";

    public void Bind(StatementParameters parameters) => parameters.Add(Id).Add(Amount);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}

file sealed record TakeCoin(Guid Id) : IQuery<TakeCoin, Guid>
{
    public static string Sql => "delete from sample_game.coins where id = $1 returning id";

    public void Bind(StatementParameters parameters) => parameters.Add(Id);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}
