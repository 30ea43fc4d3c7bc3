using Gamekeeper.Migrations;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.Migrations.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Migrations;

public sealed class DataMigrationTests
{
    private readonly Script _script = new();

    private TestDatabaseOptions Options => new(
        Modules: games => TestModules.AddAll(games).AddModule<ScriptedModule>(),
        Configure: services => services.AddSingleton(_script)
    );

    [Fact(Timeout = 60_000)]
    public async Task When_the_second_of_three_fails_the_first_is_recorded_and_the_third_never_begun()
    {
        await using var db = await TestDatabase.CreateAsync(Options);
        _script.Step = (name, _) =>
            name.EndsWith("second", StringComparison.Ordinal)
                ? throw new InvalidOperationException("no such purse")
                : Task.FromResult(new DataMigrationStep(null, 5, Done: true));

        var failure = await Should.ThrowAsync<GamekeeperException>(db.Get<Migrator>().UpAsync());

        failure.Code.ShouldBe("migrations.failed");
        failure.Message.ShouldContain("test_scripted/20261120400002_second");
        _script.Calls.ShouldBe(["first from the beginning", "second from the beginning"]);
        var status = (await db.Get<Migrator>().StatusAsync()).Where(s => s.Schema == "test_scripted").ToList();
        status.Select(s => s.State).ShouldBe([MigrationState.Applied, MigrationState.Started, MigrationState.Pending]);
        status[0].Changed.ShouldBe(5);
        status[1].Error.ShouldBe("no such purse");
    }

    [Fact(Timeout = 60_000)]
    public async Task An_interrupted_one_goes_on_where_it_stopped_and_repeats_nothing()
    {
        await using var db = await TestDatabase.CreateAsync(new TestDatabaseOptions(Migrated: false));
        var migrator = db.Get<Migrator>();
        await migrator.UpAsync(new UpRequest(IncludeData: false));
        await db.ExecuteAsync(TestRole.App, "insert into sample_game.coins (owner_id, amount) select gen_random_uuid(), n * 10 from generate_series(1, 450) n");
        using var stop = new CancellationTokenSource();
        var events = new MigrationEvents(e =>
        {
            if (e is MigrationEvent.Progressed { Changed: 200 })
                stop.Cancel();
        });

        await Should.ThrowAsync<OperationCanceledException>(migrator.UpAsync(progress: events, cancellationToken: stop.Token));
        (await db.ScalarAsync<long>(TestRole.App, "select count(*) from sample_game.coins where grade is not null")).ShouldBe(200);
        var applied = await migrator.UpAsync();

        applied.Single(a => a.Name == "20261120100003_grade_coins").Changed.ShouldBe(450);
        (await db.ScalarAsync<long>(TestRole.App, "select count(*) from sample_game.coins where grade is null")).ShouldBe(0);
        // Every row was written once: the audit log has one update of each.
        (await db.ScalarAsync<long>(TestRole.Auditor, "select count(*) from sample_game.audit_log where action = 'UPDATE'")).ShouldBe(450);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_runner_that_dies_loses_at_most_the_bite_it_was_in()
    {
        await using var db = await TestDatabase.CreateAsync(Options);
        _script.Step = async (name, progress) =>
        {
            var at = int.Parse(progress ?? "0") + 1;
            // The runner's own connection is cut while the second bite is at work.
            if (at == 2 && _script.Calls.Count == 2)
            {
                await db.ExecuteAsync(
                    TestRole.Superuser,
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'gamekeeper-migrate%' and datname = current_database()"
                );
            }
            return new DataMigrationStep(at.ToString(), 1, Done: at == 3 || !name.EndsWith("first", StringComparison.Ordinal));
        };

        await Should.ThrowAsync<Npgsql.NpgsqlException>(db.Get<Migrator>().UpAsync());
        await db.Get<Migrator>().UpAsync();

        _script.Calls.Take(4).ShouldBe(["first from the beginning", "first from 1", "first from 1", "first from 2"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_contracting_file_waits_for_the_data_migrations_before_it()
    {
        await using var db = await TestDatabase.CreateAsync(new TestDatabaseOptions(Modules: games => games.AddModule<ContractingModule>()));
        var migrator = db.Get<Migrator>();

        (await migrator.UpAsync(new UpRequest(IncludeContracting: false, IncludeData: false))).Select(a => a.Name)
            .ShouldBe(["20261120300001_name", "20261120300002_title"]);
        (await migrator.UpAsync(new UpRequest(IncludeData: false))).ShouldBeEmpty();
        var applied = await migrator.UpAsync();

        applied.Select(a => a.Name).ShouldBe(["20261120300003_fill_titles", "20261120300004_title_required"]);
        applied[0].Changed.ShouldBe(250);
        (await migrator.StatusAsync()).Where(s => s.Schema == "test_contracting").Select(s => s.Phase)
            .ShouldBe([MigrationPhase.Expand, MigrationPhase.Expand, MigrationPhase.Migrate, MigrationPhase.Contract]);
    }
}
