using Gamekeeper.Tests.Harness;
using Npgsql;

namespace Gamekeeper.Tests.Auditing;

/// <summary>What is refused changes nothing, so that one database serves all of it.</summary>
public sealed class PrivilegeTests(PrivilegeTests.Shared shared) : IClassFixture<PrivilegeTests.Shared>
{
    public static TheoryData<string, string> Forbidden =>
        new()
        {
            { "App", "create table sample_game.mine (id int)" },
            { "App", "create table public.mine (id int)" },
            { "App", "create schema mine" },
            { "App", "alter table sample_game.coins add column x int" },
            { "App", "drop table sample_game.coins" },
            { "App", "truncate sample_game.coins" },
            { "App", "create temporary table mine (id int)" },
            { "App", "update sample_game.audit_log set action = 'DELETE'" },
            { "App", "delete from sample_game.audit_log" },
            { "App", "insert into sample_game.audit_log (table_name, record_id, action) values ('coins', 'x', 'INSERT')" },
            { "App", "update sample_game.activity_log set action = 'x'" },
            { "App", "delete from core.activity_log" },
            { "App", "update sample_game.outbox set payload = '{}'" },
            { "App", "update sample_game.idempotency_keys set outcome = '{}'" },
            { "App", "update core.migrations set checksum = 'x'" },
            { "App", "select core.rebuild_trails()" },
            { "App", "set role gamekeeper_owner" },
            { "Readonly", "insert into sample_game.coins (owner_id, amount) values (gen_random_uuid(), 1)" },
            { "Readonly", "set default_transaction_read_only = off; update sample_game.coins set amount = 1" },
            { "Readonly", "select note from sample_game.coins" },
            { "Readonly", "select payload from sample_game.outbox" },
            { "Readonly", "select * from sample_game.audit_log" },
            { "Auditor", "delete from sample_game.audit_log" },
            { "Auditor", "select * from sample_game.coins" },
            { "Owner", "update sample_game.audit_log set action = 'DELETE'" },
            { "Owner", "delete from sample_game.activity_log" },
            { "Owner", "truncate sample_game.audit_log" },
        };

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task A_role_may_not(string role, string sql)
    {
        var refusal = await Should.ThrowAsync<PostgresException>(shared.Database.ExecuteAsync(Enum.Parse<TestRole>(role), sql));

        refusal.SqlState.ShouldBeOneOf(PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.ReadOnlySqlTransaction);
    }

    [Theory]
    [InlineData("App", "insert into sample_game.coins (owner_id, amount) values (gen_random_uuid(), 1)")]
    [InlineData("App", "select * from sample_game.audit_log")]
    [InlineData("Readonly", "select id, amount from sample_game.coins")]
    [InlineData("Auditor", "select * from core.audit_trail")]
    [InlineData("Auditor", "select * from core.activity_trail")]
    public async Task A_role_may(string role, string sql)
    {
        await shared.Database.ExecuteAsync(Enum.Parse<TestRole>(role), sql);
    }

    [Fact]
    public async Task No_partition_is_granted_to_anyone()
    {
        (await shared.Database.ListAsync<string>(
            TestRole.Superuser,
            "select c.oid::regclass::text from pg_class c where c.relispartition and c.relkind = 'r' and exists (select from aclexplode(c.relacl) a where a.grantee <> c.relowner)"
        )).ShouldBeEmpty();
    }

    public sealed class Shared : IAsyncLifetime
    {
        internal TestDatabase Database { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Database = await TestDatabase.CreateAsync();

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
