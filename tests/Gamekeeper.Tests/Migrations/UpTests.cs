using Gamekeeper.Migrations;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Tests.Migrations;

public sealed class UpTests
{
    private static readonly TestDatabaseOptions Empty = new(Migrated: false);

    [Fact]
    public async Task An_empty_database_gets_every_schema_the_core_first_and_each_by_name()
    {
        await using var db = await TestDatabase.CreateAsync(Empty);

        var applied = await db.Get<Migrator>().UpAsync();

        var sql = applied.TakeWhile(a => a.Changed is null).ToList();
        applied.Skip(sql.Count).ShouldAllBe(a => a.Changed != null, "data after all SQL");
        sql.Select(a => a.Schema).Distinct().ShouldBe(db.Get<ModuleCatalogue>().Schemas);
        sql.SkipWhile(a => a.Schema == "core").ShouldAllBe(a => a.Schema != "core");
        foreach (var schema in sql.GroupBy(a => a.Schema))
            schema.Select(a => a.Name).ShouldBe(schema.Select(a => a.Name).Order(StringComparer.Ordinal));
        (await db.Get<Migrator>().StatusAsync()).ShouldAllBe(s => s.State == MigrationState.Applied && s.AppliedAt != null && s.AppliedBy != null);
        (await db.ScalarAsync<string>(TestRole.App, "select applied_by from core.migrations limit 1")).ShouldNotBeNull().ShouldStartWith("gamekeeper_owner@");
    }

    [Fact]
    public async Task Applying_twice_changes_nothing()
    {
        await using var db = await TestDatabase.CreateAsync();
        var before = await db.ListAsync<string>(TestRole.Owner, "select m::text from core.migrations m order by 1");

        (await db.Get<Migrator>().UpAsync()).ShouldBeEmpty();

        (await db.ListAsync<string>(TestRole.Owner, "select m::text from core.migrations m order by 1")).ShouldBe(before);
    }

    [Fact]
    public async Task A_target_stops_there_and_what_follows_stays_pending()
    {
        await using var db = await TestDatabase.CreateAsync(Empty);
        var migrator = db.Get<Migrator>();

        var applied = await migrator.UpAsync(new UpRequest("20261120000001"));

        applied.Select(a => a.Name).ShouldBe(["20261120000001_request_context"]);
        (await migrator.PlanAsync()).Select(s => s.Name).ShouldContain("20261120000002_journal");
        await migrator.UpAsync(new UpRequest("20261120100001_coins"));
        (await db.ScalarAsync<bool>(TestRole.Owner, "select to_regclass('sample_game.idx_coins_amount') is null")).ShouldBeTrue();
    }

    [Fact]
    public async Task An_unknown_target_is_refused_by_name()
    {
        await using var db = await TestDatabase.CreateAsync();

        var refusal = await Should.ThrowAsync<GamekeeperException>(db.Get<Migrator>().UpAsync(new UpRequest("20990101000000_later")));

        refusal.Code.ShouldBe("migrations.unknown-target");
        refusal.Message.ShouldContain("20990101000000_later");
    }

    [Fact]
    public async Task A_plan_changes_nothing_and_says_what_each_head_says()
    {
        await using var db = await TestDatabase.CreateAsync(Empty);

        var plan = await db.Get<Migrator>().PlanAsync();

        plan[0].Notes.ShouldContain("Locks:");
        plan.ShouldAllBe(s => s.State == MigrationState.Pending);
        (await db.ScalarAsync<bool>(TestRole.Owner, "select to_regnamespace('core') is null")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_changed_file_is_refused_with_both_checksums_before_anything_runs()
    {
        await using var db = await TestDatabase.CreateAsync(Empty);
        await db.Get<Migrator>().UpAsync(new UpRequest("20261120000002"));
        var found = await db.ScalarAsync<string>(TestRole.Owner, "select checksum from core.migrations where name = '20261120000002_journal'");
        await db.ExecuteAsync(TestRole.Owner, "update core.migrations set checksum = 'abc' where name = '20261120000002_journal'");

        var refusal = await Should.ThrowAsync<GamekeeperException>(db.Get<Migrator>().UpAsync());

        refusal.Code.ShouldBe("migrations.changed");
        refusal.Message.ShouldContain("core/20261120000002_journal");
        refusal.Message.ShouldContain("recorded abc");
        refusal.Message.ShouldContain($"found {found}");
        (await db.ScalarAsync<bool>(TestRole.Owner, "select to_regnamespace('sample_game') is null")).ShouldBeTrue();
        (await db.Get<Migrator>().StatusAsync()).Single(s => s.Name == "20261120000002_journal").State.ShouldBe(MigrationState.Changed);
    }

    [Fact]
    public async Task A_file_older_than_the_last_applied_one_is_refused_unless_allowed()
    {
        await using var db = await TestDatabase.CreateAsync();
        await db.ExecuteAsync(TestRole.Owner, "drop index sample_game.idx_coins_amount");
        await db.ExecuteAsync(TestRole.Owner, "delete from core.migrations where name = '20261120100002_rich_purses'");
        await db.ExecuteAsync(
            TestRole.Owner,
            "insert into core.migrations (schema_name, name, kind, phase, checksum, applied_at, duration_ms, applied_by) "
                + "values ('sample_game', '20990101000000_newer', 'sql', 'expand', 'x', now(), 1, 'test')"
        );

        var refusal = await Should.ThrowAsync<GamekeeperException>(db.Get<Migrator>().UpAsync());
        refusal.Code.ShouldBe("migrations.out-of-order");
        refusal.Message.ShouldContain("20261120100002_rich_purses");
        refusal.Message.ShouldContain("20990101000000_newer");

        var events = new MigrationEvents();
        db.Get<IOptions<MigrationOptions>>().Value.AllowOutOfOrder = true;
        (await db.Get<Migrator>().UpAsync(progress: events)).Select(a => a.Name).ShouldBe(["20261120100002_rich_purses"]);
        events.All.ShouldContain(new MigrationEvent.UnknownToThisCode("sample_game", "20990101000000_newer"));
    }

    [Fact]
    public async Task Without_an_owner_connection_the_error_names_the_variable()
    {
        await using var db = await TestDatabase.CreateAsync(new TestDatabaseOptions(
            Configure: services => Microsoft.Extensions.DependencyInjection.OptionsServiceCollectionExtensions.PostConfigure<MigrationOptions>(services, o => o.ConnectionString = null)));

        var refusal = await Should.ThrowAsync<GamekeeperException>(db.Get<Migrator>().UpAsync());

        refusal.Code.ShouldBe("configuration.invalid");
        refusal.Message.ShouldContain("ConnectionStrings__PostgresOwner");
    }

    [Fact]
    public async Task The_script_is_what_up_would_run()
    {
        await using var db = await TestDatabase.CreateAsync(Empty);

        var script = await db.Get<Migrator>().ScriptAsync(new UpRequest("20261120000002"));

        script.ShouldContain("create table core.audit_log (");
        script.ShouldNotContain("{schema}");
        script.ShouldNotContain("sample_game");
    }
}
