using Gamekeeper.Transactions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Scheduling;

/// <summary>
/// All periodic work of this process. Every node may look for due jobs at any time: the database hands each to one of them, under a lease
/// that is renewed while it runs and a number that grows with every claim, so that a runner that was taken for dead cannot write over
/// its successor.
/// </summary>
public sealed partial class JobBoard
{
    private readonly GameDatabase _database;
    private readonly TimeProvider _clock;
    private readonly ILogger<JobBoard> _logger;
    private readonly JobSchedulerOptions _options;
    private readonly Lazy<Dictionary<string, (string Schema, IJob Job)>> _jobs;

    /// <exception cref="GamekeeperException"><c>configuration.invalid</c>: an option is out of its range.</exception>
    public JobBoard(
        GameDatabase database,
        ModuleCatalogue modules,
        IOptions<JobSchedulerOptions> options,
        TimeProvider clock,
        ILogger<JobBoard> logger
    )
    {
        _options = options.Value;
        if (_options.Problems().FirstOrDefault() is { } problem)
            throw new GamekeeperException("configuration.invalid", problem);
        (_database, _clock, _logger) = (database, clock, logger);
        _jobs = new(() => modules.Jobs().ToDictionary(j => j.Job.Name, StringComparer.Ordinal));
    }

    /// <summary>Makes this process' jobs known. Safe to repeat.</summary>
    public Task RegisterAsync(CancellationToken cancellationToken = default) =>
        _database.WriteAsync(
            Actor.System(_clock),
            (unit, _) =>
            {
                unit.MarkRepeatable();
                unit.Enqueue(new RegisterJobs([.. _jobs.Value.Values]));
                return Task.CompletedTask;
            },
            cancellationToken
        );

    /// <summary>
    /// Runs, one after the other, what is due and nobody else runs. A job that missed several due times runs once. A failure is recorded and
    /// tried again later; it never ends this call.
    /// </summary>
    /// <returns>How many ran.</returns>
    public async Task<int> RunDueAsync(CancellationToken cancellationToken = default)
    {
        var names = _jobs.Value.Keys.ToList();
        var ran = 0;
        while (await ClaimAsync(names, manual: false, cancellationToken) is { } claim)
        {
            await RunAsync(claim, cancellationToken);
            // One that is due again at once waits for the next look, or it would keep the others from their turn.
            names.Remove(claim.Name);
            ran++;
        }
        return ran;
    }

    /// <summary>Runs a job now, here, whether due or not, unless somebody is at it. Its next due time is counted from now.</summary>
    public async Task<RunNowOutcome> RunNowAsync(string name, CancellationToken cancellationToken = default)
    {
        if (!_jobs.Value.ContainsKey(name))
            return new RunNowOutcome.Unknown(name);
        await RegisterAsync(cancellationToken);
        if (await ClaimAsync([name], manual: true, cancellationToken) is { } claim)
            return await RunAsync(claim, cancellationToken);
        var (node, until) = await _database.FirstAsync(new FindLease(name), cancellationToken);
        return new RunNowOutcome.AlreadyRunning(node, until);
    }

    /// <summary>Every job that any process of this cluster has made known.</summary>
    public Task<IReadOnlyList<JobStatus>> ListAsync(CancellationToken cancellationToken = default) =>
        _database.ListAsync(new ListJobs(), cancellationToken);

    /// <summary>A job's history, the latest run first; empty for an unknown job.</summary>
    /// <param name="name">The job.</param>
    /// <param name="limit">At most so many, 1 to 1000.</param>
    public Task<IReadOnlyList<JobRun>> HistoryAsync(string name, int limit = 50, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        return _database.ListAsync(new ListRuns(name, limit), cancellationToken);
    }

    private Task<Claim?> ClaimAsync(IReadOnlyList<string> names, bool manual, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            Actor.System(_clock),
            (unit, ct) => unit.FirstAsync(new ClaimDue(names, _options.Node, _options.Lease, manual), ct),
            cancellationToken
        );

    private async Task<RunNowOutcome.Ran> RunAsync(Claim claim, CancellationToken cancellationToken)
    {
        var job = _jobs.Value[claim.Name].Job;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var done = new CancellationTokenSource();
        var renewing = RenewAsync(claim, stop, done.Token);
        string? said = null;
        string? error = null;
        try
        {
            said = await job.RunAsync(stop.Token);
            LogSucceeded(_logger, claim.Name, said);
        }
        // A job may fail in any way it likes; none of them may keep the others from running.
        catch (Exception failure)
        {
            var stopped = stop.IsCancellationRequested && failure is OperationCanceledException;
            error = stopped ? "stopped before it was done" : failure.Message;
            if (stopped)
                LogStopped(_logger, claim.Name);
            else
                LogFailed(_logger, failure, claim.Name, claim.Failures + 1);
        }
        await done.CancelAsync();
        await renewing;
        // Even when this process is being stopped: an unrecorded end would cost the others a whole lease.
        await EndAsync(job, claim, said, error, CancellationToken.None);
        return new RunNowOutcome.Ran(error is null, said ?? error!);
    }

    private async Task EndAsync(IJob job, Claim claim, string? said, string? error, CancellationToken cancellationToken) =>
        await _database.WriteAsync(
            Actor.System(_clock),
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                var now = await unit.FirstAsync(new DatabaseNow(), ct);
                var next = error is null ? job.Schedule.Next(now) : now + _options.PauseAfter(claim.Failures + 1);
                unit.Enqueue(new EndRun(claim, next, said, error));
            },
            cancellationToken
        );

    // Ends by itself when the run is done; stops the run when the lease is lost.
    private async Task RenewAsync(Claim claim, CancellationTokenSource stop, CancellationToken done)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.Lease / 3, _clock, done);
                if (await _database.WriteAsync(Actor.System(_clock), (unit, ct) => unit.FirstAsync(new RenewLease(claim, _options.Lease), ct), done))
                    continue;
                LogLost(_logger, claim.Name);
                await stop.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // The run is over.
        }
        catch (Exception failure) when (failure is GamekeeperException or Npgsql.NpgsqlException)
        {
            // Out of reach for longer than a write waits: the lease is as good as lost, and somebody else may begin.
            LogRenewFailed(_logger, failure, claim.Name);
            await stop.CancelAsync();
        }
    }

    [LoggerMessage(200, LogLevel.Information, "Job {Job}: {Said}")]
    private static partial void LogSucceeded(ILogger logger, string job, string said);

    [LoggerMessage(201, LogLevel.Error, "Job {Job} failed, {Failures} times in a row; it is tried again later")]
    private static partial void LogFailed(ILogger logger, Exception failure, string job, int failures);

    [LoggerMessage(205, LogLevel.Information, "Job {Job} was stopped before it was done; it runs again when it is due")]
    private static partial void LogStopped(ILogger logger, string job);

    [LoggerMessage(202, LogLevel.Warning, "Job {Job} was taken over by another node while it ran here; stopping it")]
    private static partial void LogLost(ILogger logger, string job);

    [LoggerMessage(203, LogLevel.Warning, "The lease of job {Job} could not be renewed; stopping it")]
    private static partial void LogRenewFailed(ILogger logger, Exception failure, string job);
}
