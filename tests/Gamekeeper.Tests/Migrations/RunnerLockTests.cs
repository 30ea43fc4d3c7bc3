using Gamekeeper.Migrations;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.Migrations.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Tests.Migrations;

public sealed class RunnerLockTests
{
    private readonly Script _script = new();

    private TestDatabaseOptions Options => new(
        Modules: games => TestModules.AddAll(games).AddModule<ScriptedModule>(),
        Configure: services => services.AddSingleton(_script)
    );

    [Fact(Timeout = 60_000)]
    public async Task Of_two_runners_started_together_one_migrates_and_the_other_waits_for_it()
    {
        await using var db = await TestDatabase.CreateAsync(Options);
        var (entered, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _script.Step = async (_, _) =>
        {
            entered.TrySetResult();
            await go.Task;
            return new DataMigrationStep(null, 0, Done: true);
        };
        await using var other = db.SecondProcess(Options);
        var events = new MigrationEvents();

        var first = db.Get<Migrator>().UpAsync();
        await entered.Task;
        var second = other.GetRequiredService<Migrator>().UpAsync(progress: events);
        (await events.SomebodyElseRuns).Holder.ShouldContain("gamekeeper-migrate");
        second.IsCompleted.ShouldBeFalse();
        go.SetResult();

        (await first).Count.ShouldBe(3);
        (await second).ShouldBeEmpty();
        _script.Calls.Count.ShouldBe(3);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_runner_that_must_not_wait_says_who_is_at_work()
    {
        await using var db = await TestDatabase.CreateAsync(Options);
        await using var other = db.SecondProcess(Options);
        other.GetRequiredService<IOptions<MigrationOptions>>().Value.WaitForRunner = TimeSpan.Zero;
        var (entered, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _script.Step = async (_, _) =>
        {
            entered.TrySetResult();
            await go.Task;
            return new DataMigrationStep(null, 0, Done: true);
        };
        var first = db.Get<Migrator>().UpAsync();
        await entered.Task;

        var refusal = await Should.ThrowAsync<GamekeeperException>(other.GetRequiredService<Migrator>().UpAsync());

        refusal.Code.ShouldBe("migrations.busy");
        refusal.Message.ShouldContain("gamekeeper-migrate");
        go.SetResult();
        await first;
    }

    [Fact(Timeout = 60_000)]
    public async Task A_migration_that_cannot_have_its_lock_is_rolled_back_tried_again_and_then_given_up()
    {
        await using var db = await TestDatabase.CreateAsync(new TestDatabaseOptions(Modules: games => games.AddModule<LockingModule>()));
        var migrator = db.Get<Migrator>();
        await migrator.UpAsync(new UpRequest("20261120200001"));
        var options = db.Get<IOptions<MigrationOptions>>().Value;
        (options.LockTimeout, options.MaxAttempts) = (TimeSpan.FromMilliseconds(20), 2);
        var events = new MigrationEvents();
        await using (var reader = await db.OpenAsync(TestRole.Owner))
        {
            await using var transaction = await reader.BeginTransactionAsync();
            await using var read = reader.CreateCommand();
            read.CommandText = "select count(*) from test_locking.things";
            await read.ExecuteScalarAsync();

            var failure = await Should.ThrowAsync<GamekeeperException>(migrator.UpAsync(progress: events));

            failure.Code.ShouldBe("migrations.locked");
            events.All.OfType<MigrationEvent.LockedOut>().Single().Attempt.ShouldBe(1);
        }
        (await migrator.UpAsync()).Select(a => a.Name).ShouldBe(["20261120200002_column"]);
    }
}
