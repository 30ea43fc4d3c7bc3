using System.Text;
using Gamekeeper.Accounts;
using Gamekeeper.Idempotency;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Accounts;

public sealed class NothingInClearTests
{
    [Fact]
    public async Task No_column_of_any_table_holds_a_password_a_token_a_key_or_an_address()
    {
        await using var world = await AccountWorld.CreateAsync();
        var secrets = await WholeFlowAsync(world);
        secrets.Count.ShouldBe(10);

        var columns = await world.Db.ListAsync<string>(
            TestRole.Superuser,
            """
            select format('%I.%I|%I', c.table_schema, c.table_name, c.column_name)
            from information_schema.columns c
            join information_schema.tables t using (table_schema, table_name)
            where c.table_schema not in ('pg_catalog', 'information_schema')
              and t.table_type = 'BASE TABLE'
              and c.data_type in ('text', 'character varying', 'bytea', 'jsonb', 'json', 'ARRAY', 'inet')
            """
        );
        columns.Count.ShouldBeGreaterThan(50);
        foreach (var column in columns)
            foreach (var secret in secrets)
                (await HoldsAsync(world, column, secret)).ShouldBeFalse($"{column} holds {secret[..4]}…");
        // The scan itself can find something: the name is public and stands where it should.
        (await HoldsAsync(world, "core.accounts|username", "flow-person")).ShouldBeTrue();
    }

    private static async Task<IReadOnlyList<string>> WholeFlowAsync(AccountWorld world)
    {
        const string password = "hunter2-hunter2", newPassword = "swordfish-42", wrong = "mistyped-password", email = "flow-address@example.com";
        var outcome = await world.Db.Get<SignUp>()
            .RunAsync(new("flow-person", email, password, "Flow"), world.Stranger, new IdempotencyKey("flow"));
        var account = outcome.ShouldBeOfType<SignUpOutcome.Created>().Account;
        await world.Sessions.SignInAsync("flow-person", wrong, world.Stranger);
        await world.Sessions.SignInAsync("unknown-login@example.com", wrong, world.Stranger);
        var session = await world.SignInAsync(email, password);
        var refreshed = (await world.Sessions.RefreshAsync(session.RefreshToken, world.Stranger)).ShouldBeOfType<RefreshOutcome.Refreshed>().Session;
        await world.Db.Get<ChangePassword>().RunAsync(account.Id, password, newPassword, session.SessionId, Actor.Player(account.Id, world.Clock));
        await world.Db.Get<FreezeAccount>().RunAsync(account.Id, "reason", world.Operator);
        var key = (await world.Db.Get<ServiceKeys>().CreateAsync(new("server", [ServiceScopes.Mint]), world.Operator))
            .ShouldBeOfType<CreateServiceKeyOutcome.Created>();
        await world.Db.Get<ServiceKeys>().FindAsync(key.Text);
        var code = await world.Db.Get<OneTimeCodes>().CreateOperatorCodeAsync();
        await world.Db.Get<OneTimeCodes>().SignInAsync(code.Code, world.Stranger);
        return
        [
            password, newPassword, wrong, email, "flow-address", "unknown-login", session.RefreshToken, refreshed.RefreshToken,
            key.Text[^43..], code.Code,
        ];
    }

    private static Task<bool> HoldsAsync(AccountWorld world, string column, string secret)
    {
        var (table, name) = (column.Split('|')[0], column.Split('|')[1]);
        // As text and as bytes; bytea prints itself in hex, and a secret stored as such must be seen too.
        var hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret));
        return world.Db.ScalarAsync<bool>(
            TestRole.Superuser,
            $"select exists (select from {table} where lower({name}::text) like '%{secret.ToLowerInvariant().Replace("_", @"\_", StringComparison.Ordinal)}%' or {name}::text like '%{hex}%')"
        );
    }
}
