using Gamekeeper.Migrations.Provisioning;
using Gamekeeper.Tests.Harness;
using Npgsql;

namespace Gamekeeper.Tests.Migrations.Provisioning;

public sealed class DatabaseProvisionerTests
{
    [Fact]
    public async Task Provisioning_again_changes_nothing()
    {
        await using var db = await TestDatabase.CreateAsync();
        const string State =
            """
            select jsonb_build_object(
              'roles', (select jsonb_agg(to_jsonb(r) - 'rolpassword' order by rolname) from pg_roles r where rolname like 'gamekeeper%'),
              'settings', (select jsonb_agg(to_jsonb(s) order by s.setrole) from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase where datname = current_database()),
              'database', (select datacl::text || datdba from pg_database where datname = current_database()),
              'defaults', (select jsonb_agg(to_jsonb(d)) from pg_default_acl d))::text
            """;
        var before = await db.ScalarAsync<string>(TestRole.Superuser, State);

        await new DatabaseProvisioner(db.ConnectionString(TestRole.Superuser)).ProvisionAsync(new ProvisioningRequest(db.Name, new RolePasswords()));

        (await db.ScalarAsync<string>(TestRole.Superuser, State)).ShouldBe(before);
        (await db.ScalarAsync<string>(TestRole.App, "select current_user::text")).ShouldBe("gamekeeper_app");
    }

    [Fact]
    public async Task No_role_of_ours_is_more_than_it_needs_to_be()
    {
        await using var db = await TestDatabase.CreateAsync();

        (await db.ListAsync<string>(
            TestRole.Superuser,
            """
            select rolname || ':' || concat_ws(' ',
              case when rolcanlogin then 'login' end, case when rolreplication then 'replication' end, case when rolsuper then 'superuser' end,
              case when rolcreaterole then 'createrole' end, case when rolcreatedb then 'createdb' end, case when rolbypassrls then 'bypassrls' end)
            from pg_roles where rolname like 'gamekeeper\_%' and not rolsuper order by 1
            """
        )).ShouldBe(
            [
                "gamekeeper_app:login",
                "gamekeeper_auditor:login",
                "gamekeeper_backup:login replication",
                "gamekeeper_owner:login",
                "gamekeeper_readonly:login",
                "gamekeeper_search:",
            ]
        );
    }

    [Fact]
    public async Task Statements_of_the_application_are_bounded_and_its_days_are_utc()
    {
        await using var db = await TestDatabase.CreateAsync();

        (await db.ScalarAsync<string>(
            TestRole.App,
            "select concat_ws(' ', current_setting('statement_timeout'), current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout'), current_setting('timezone'))"
        )).ShouldBe("30s 10s 1min UTC");
    }

    [Fact]
    public async Task A_stranger_may_not_connect()
    {
        await using var db = await TestDatabase.CreateAsync();
        var role = db.Name + "_stranger";
        await db.ExecuteAsync(TestRole.Superuser, $"create role {role} login password 'x'");
        try
        {
            var text = new NpgsqlConnectionStringBuilder(db.ConnectionString(TestRole.App)) { Username = role, Password = "x", Pooling = false };
            await using var connection = new NpgsqlConnection(text.ConnectionString);

            var refusal = await Should.ThrowAsync<PostgresException>(connection.OpenAsync());

            refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
        finally
        {
            await db.ExecuteAsync(TestRole.Superuser, $"drop role {role}");
        }
    }

    [Fact]
    public async Task A_new_function_is_called_by_nobody_it_was_not_granted_to()
    {
        await using var db = await TestDatabase.CreateAsync();
        await db.ExecuteAsync(TestRole.Owner, "create function sample_game.one() returns int language sql as 'select 1'");

        (await Should.ThrowAsync<PostgresException>(db.ScalarAsync<int>(TestRole.App, "select sample_game.one()")))
            .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);

        await db.ExecuteAsync(TestRole.Owner, "grant execute on function sample_game.one() to gamekeeper_app");
        (await db.ScalarAsync<int>(TestRole.App, "select sample_game.one()")).ShouldBe(1);
    }

    [Fact]
    public void An_older_server_is_refused_with_both_versions()
    {
        var refusal = Should.Throw<GamekeeperException>(() => DatabaseProvisioner.RefuseOld(new Version(14, 11)));

        refusal.Code.ShouldBe("provisioning.version");
        refusal.Message.ShouldContain("14.11");
        refusal.Message.ShouldContain("15");
        DatabaseProvisioner.RefuseOld(new Version(15, 0));
    }

    [Fact]
    public void Passwords_do_not_show_when_a_request_is_printed() =>
        new ProvisioningRequest("game", new RolePasswords(Owner: "hunter2")).ToString().ShouldNotContain("hunter2");
}
