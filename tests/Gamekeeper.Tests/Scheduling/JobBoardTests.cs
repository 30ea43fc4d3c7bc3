using System.Collections.Concurrent;
using Gamekeeper.Scheduling;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.Harness.SampleGame;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Scheduling;

public sealed class JobBoardTests
{
    private readonly ConcurrentQueue<string> _runs = new();
    private readonly Work _work = new();

    [Fact(Timeout = 60_000)]
    public async Task Of_two_processes_each_due_job_is_run_by_one()
    {
        await using var db = await TestDatabase.CreateAsync(Options("a"));
        await using var other = db.SecondProcess(Options("b"));
        await db.Get<JobBoard>().RegisterAsync();

        var ran = await Task.WhenAll(db.Get<JobBoard>().RunDueAsync(), other.GetRequiredService<JobBoard>().RunDueAsync());

        var jobs = (await db.Get<JobBoard>().ListAsync()).Count;
        ran.Sum().ShouldBe(jobs);
        _runs.Count.ShouldBe(1);
        (await db.ListAsync<long>(TestRole.App, "select count(*) from core.job_runs group by job_name")).ShouldAllBe(n => n == 1);
        (await db.Get<JobBoard>().RunDueAsync()).ShouldBe(0, "nothing is due again");
    }

    [Fact(Timeout = 60_000)]
    public async Task Twenty_looks_at_once_run_a_job_once()
    {
        await using var db = await TestDatabase.CreateAsync(Options("a"));
        await db.Get<JobBoard>().RegisterAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => db.Get<JobBoard>().RunDueAsync()));

        _runs.Count.ShouldBe(1);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_job_that_missed_many_due_times_runs_once_and_is_next_due_in_the_future()
    {
        await using var db = await TestDatabase.CreateAsync(Options("a"));
        await DueOnlyScriptedAsync(db, "now() - interval '10 days'");

        (await db.Get<JobBoard>().RunDueAsync()).ShouldBe(1);

        _runs.Count.ShouldBe(1);
        (await db.ScalarAsync<bool>(TestRole.App, "select next_run_at > now() from core.jobs where name = 'test.scripted'")).ShouldBeTrue();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_failure_is_recorded_tried_again_later_and_forgotten_after_a_success()
    {
        await using var db = await TestDatabase.CreateAsync(Options("a"));
        await DueOnlyScriptedAsync(db, "now()");
        _work.Run = _ => throw new InvalidOperationException("the moon is full");

        await db.Get<JobBoard>().RunDueAsync();

        var failed = await ScriptedAsync(db);
        (failed.Failures, failed.LastRun!.Outcome, failed.LastRun.Error, failed.RunningOn).ShouldBe((1, "failed", "the moon is full", null));
        (failed.NextRunAt - failed.LastRun.EndedAt!.Value).ShouldBeInRange(TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(31));

        await DueOnlyScriptedAsync(db, "now()");
        await db.Get<JobBoard>().RunDueAsync();
        (await ScriptedAsync(db)).Failures.ShouldBe(2);
        _work.Run = _ => Task.FromResult("fine again");
        await DueOnlyScriptedAsync(db, "now()");
        await db.Get<JobBoard>().RunDueAsync();

        var recovered = await ScriptedAsync(db);
        (recovered.Failures, recovered.LastRun!.Outcome, recovered.LastRun.Said).ShouldBe((0, "succeeded", "fine again"));
        (await db.Get<JobBoard>().HistoryAsync("test.scripted")).Select(r => r.Outcome).ShouldBe(["succeeded", "failed", "failed"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_dead_runners_job_is_taken_over_and_the_dead_one_cannot_end_it()
    {
        var clock = new ManualClock();
        await using var db = await TestDatabase.CreateAsync(Options("dead"), clock);
        await using var other = db.SecondProcess(Options("living"));
        await DueOnlyScriptedAsync(db, "now()");
        var (entered, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _work.Run = async _ =>
        {
            entered.TrySetResult();
            await go.Task;
            return "late";
        };
        var dead = db.Get<JobBoard>().RunDueAsync();
        await entered.Task;

        // Its clock stands still, so it never renews.
        (await other.GetRequiredService<JobBoard>().RunDueAsync()).ShouldBe(0, "the lease still holds");
        await db.ExecuteAsync(TestRole.Owner, "update core.jobs set lease_until = clock_timestamp() where name = 'test.scripted'");
        _work.Run = _ => Task.FromResult("taken over");
        (await other.GetRequiredService<JobBoard>().RunDueAsync()).ShouldBe(1);
        go.SetResult();
        await dead;

        var history = await db.Get<JobBoard>().HistoryAsync("test.scripted");
        history.Select(r => (r.Node, r.Outcome, r.Said)).ShouldBe([("living", "succeeded", "taken over"), ("dead", "lost", null)]);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_runner_that_lost_its_lease_is_told_to_stop()
    {
        var clock = new ManualClock();
        await using var db = await TestDatabase.CreateAsync(Options("slow"), clock);
        await using var other = db.SecondProcess(Options("quick"));
        await DueOnlyScriptedAsync(db, "now()");
        var entered = new TaskCompletionSource();
        _work.Run = async ct =>
        {
            entered.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            return "never";
        };
        var slow = db.Get<JobBoard>().RunDueAsync();
        await entered.Task;
        await clock.SomebodyWaitsAsync();
        await db.ExecuteAsync(TestRole.Owner, "update core.jobs set lease_until = clock_timestamp() where name = 'test.scripted'");
        _work.Run = _ => Task.FromResult("taken over");
        await other.GetRequiredService<JobBoard>().RunDueAsync();

        clock.Advance(TimeSpan.FromSeconds(20));

        (await slow).ShouldBe(1);
    }

    [Fact(Timeout = 60_000)]
    public async Task While_it_runs_its_lease_is_renewed()
    {
        var clock = new ManualClock();
        await using var db = await TestDatabase.CreateAsync(Options("a"), clock);
        await DueOnlyScriptedAsync(db, "now()");
        var (entered, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _work.Run = async _ =>
        {
            entered.TrySetResult();
            await go.Task;
            return "done";
        };
        var running = db.Get<JobBoard>().RunDueAsync();
        await entered.Task;
        const string Until = "select lease_until::text from core.jobs where name = 'test.scripted'";
        var before = await db.ScalarAsync<string>(TestRole.App, Until);
        await clock.SomebodyWaitsAsync();

        clock.Advance(TimeSpan.FromSeconds(20));

        await Soon.TrueAsync(async () => await db.ScalarAsync<string>(TestRole.App, Until) != before, "the lease is renewed");
        go.SetResult();
        await running;
    }

    [Fact(Timeout = 60_000)]
    public async Task A_person_may_run_a_job_before_it_is_due_unless_somebody_is_at_it()
    {
        await using var db = await TestDatabase.CreateAsync(Options("a"));
        await using var other = db.SecondProcess(Options("b"));
        await DueOnlyScriptedAsync(db, "now() + interval '1 day'");
        var (entered, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _work.Run = async _ =>
        {
            entered.TrySetResult();
            await go.Task;
            return "by hand";
        };

        var running = db.Get<JobBoard>().RunNowAsync("test.scripted");
        await entered.Task;
        (await other.GetRequiredService<JobBoard>().RunNowAsync("test.scripted")).ShouldBeOfType<RunNowOutcome.AlreadyRunning>().Node.ShouldBe("a");
        go.SetResult();

        (await running).ShouldBe(new RunNowOutcome.Ran(true, "by hand"));
        (await db.Get<JobBoard>().RunNowAsync("test.none")).ShouldBe(new RunNowOutcome.Unknown("test.none"));
        (await ScriptedAsync(db)).LastRun!.IsManual.ShouldBeTrue();
    }

    [Fact(Timeout = 60_000)]
    public async Task The_hosted_scheduler_runs_what_is_due_at_every_look()
    {
        var clock = new ManualClock();
        await using var db = await TestDatabase.CreateAsync(Options("a", games => games.AddJobScheduler()), clock);
        var scheduler = db.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<JobScheduler>().Single();
        var ran = new SemaphoreSlim(0);
        _work.Run = _ =>
        {
            ran.Release();
            return Task.FromResult("done");
        };

        await scheduler.StartAsync(CancellationToken.None);
        (await ran.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        await Soon.TrueAsync(async () => (await db.Get<JobBoard>().ListAsync()).All(j => j.LastRun is { Outcome: "succeeded" }), "all ran once");
        await db.ExecuteAsync(TestRole.Owner, "update core.jobs set next_run_at = now() where name = 'test.scripted'");
        await clock.SomebodyWaitsAsync();
        clock.Advance(TimeSpan.FromSeconds(5));

        (await ran.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        await scheduler.StopAsync(CancellationToken.None);
    }

    [Fact(Timeout = 60_000)]
    public async Task Delivered_events_go_after_a_week_a_game_s_waiting_ones_after_a_month_and_the_core_s_never()
    {
        await using var db = await TestDatabase.CreateAsync(Options("a"));
        await db.ExecuteAsync(
            TestRole.Owner,
            """
            insert into sample_game.outbox (topic, subject, version, payload, created_at, delivered_at)
            select 'x', 'old ' || n, 1, '{}', now() - interval '9 days', now() - interval '8 days' from generate_series(1, 6000) n;
            insert into sample_game.outbox (topic, subject, version, payload, created_at, delivered_at)
            values ('x', 'recent', 1, '{}', now(), now() - interval '6 days'), ('x', 'waiting', 1, '{}', now() - interval '29 days', null),
              ('x', 'waited too long', 1, '{}', now() - interval '31 days', null);
            insert into core.outbox (topic, subject, version, payload, created_at)
            values ('x', 'waiting in the core', 1, '{}', now() - interval '1 year');
            """
        );

        (await db.Get<JobBoard>().RunNowAsync("core.purge-outbox")).ShouldBe(new RunNowOutcome.Ran(true, "6001 events removed"));

        (await db.ListAsync<string>(TestRole.App, "select subject from sample_game.outbox order by id")).ShouldBe(["recent", "waiting"]);
        (await db.ListAsync<string>(TestRole.App, "select subject from core.outbox")).ShouldBe(["waiting in the core"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Old_history_is_purged_and_a_sample_job_does_its_work()
    {
        await using var db = await TestDatabase.CreateAsync(Options("a"));
        await db.ExecuteAsync(TestRole.App, "insert into sample_game.coins (owner_id, amount) values (gen_random_uuid(), 0), (gen_random_uuid(), 1)");
        (await db.Get<JobBoard>().RunNowAsync(db.Get<SweepEmptyPurses>().Name)).ShouldBe(new RunNowOutcome.Ran(true, "1 purses swept"));
        await db.ExecuteAsync(TestRole.Owner, "update core.job_runs set started_at = now() - interval '91 days'");

        (await db.Get<JobBoard>().RunNowAsync("core.purge-job-runs")).ShouldBe(new RunNowOutcome.Ran(true, "1 runs removed"));
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 60)]
    [InlineData(4, 240)]
    [InlineData(20, 3600)]
    [InlineData(1000, 3600)]
    public void Failures_are_tried_again_ever_more_slowly_up_to_an_hour(int failures, int seconds) =>
        new JobSchedulerOptions().PauseAfter(failures).ShouldBe(TimeSpan.FromSeconds(seconds));

    private TestDatabaseOptions Options(string node, Func<GamekeeperBuilder, GamekeeperBuilder>? more = null) =>
        new(
            Modules: games => (more ?? (g => g))(TestModules.AddAll(games).AddModule<ScriptedJobModule>()),
            Configure: services =>
            {
                services.AddSingleton(_work);
                services.AddSingleton(_runs);
                services.Configure<JobSchedulerOptions>(o => o.Node = node);
            }
        );

    private static async Task<JobStatus> ScriptedAsync(TestDatabase db) => (await db.Get<JobBoard>().ListAsync()).Single(j => j.Name == "test.scripted");

    private static async Task DueOnlyScriptedAsync(TestDatabase db, string when)
    {
        await db.Get<JobBoard>().RegisterAsync();
        await db.ExecuteAsync(TestRole.Owner, $"update core.jobs set next_run_at = case when name = 'test.scripted' then {when} else now() + interval '10 years' end");
    }
}

internal sealed class Work
{
    public Func<CancellationToken, Task<string>> Run { get; set; } = _ => Task.FromResult("nothing to do");
}

internal sealed class ScriptedJobModule : IGameModule
{
    private ScriptedJobModule() { }

    public static string Schema => "test_jobs";

    public static void Register(ModuleRegistration module) => module.Job<ScriptedJob>();
}

internal sealed class ScriptedJob(Work work, ConcurrentQueue<string> runs) : IJob
{
    public string Name => "test.scripted";

    public string Purpose => "Does what the test says.";

    public JobSchedule Schedule => new JobSchedule.Every(TimeSpan.FromMinutes(10));

    public Task<string> RunAsync(CancellationToken cancellationToken)
    {
        runs.Enqueue(Name);
        return work.Run(cancellationToken);
    }
}
