using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Home;
using Gamekeeper.Cli.Output;
using Gamekeeper.EmbeddedPostgres;

namespace Gamekeeper.Cli.Supervision;

/// <summary>
/// Keeps PostgreSQL and the server alive until told to stop, and says whenever it has to. The two are watched apart: the server rides out
/// an absent database by itself, so the death of one is no reason to touch the other.
/// </summary>
internal sealed class Supervisor(Terminal terminal, GamekeeperHome home, PrivateDatabase database, ServerProcess server, TimeProvider clock)
{
    /// <summary>The server finishes what it is answering, then it is ended.</summary>
    private static readonly TimeSpan ServerPatience = TimeSpan.FromSeconds(35);

    /// <summary>Schema and data are prepared before it starts, so that even a slow machine needs seconds.</summary>
    private static readonly TimeSpan FirstPatience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LogLookedAt = TimeSpan.FromSeconds(30);

    private readonly Lock _stateLock = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChildProcess? _serverProcess;
    private RunState? _state;

    /// <summary>Completes when the server has answered as ready; fails when it ended before it ever did.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Runs both until cancelled, then stops the server; PostgreSQL is stopped by whoever started it.</summary>
    public async Task RunAsync(RunState initial, CancellationToken cancellationToken)
    {
        Note(_ => initial);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var serving = KeepServingAsync(end.Token);
        var storing = KeepStoringAsync(end.Token);
        var logging = KeepLogSmallAsync(end.Token);
        try
        {
            // Only a failure that no repetition mends ends one of them before it is cancelled.
            await await Task.WhenAny(serving, storing, logging);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it is meant to end.
        }
        finally
        {
            await end.CancelAsync();
            // What the first of them failed with is on its way to the caller already; the others were cancelled just now.
            await Task.WhenAll(serving, storing, logging).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_serverProcess is { } process && !await process.StopAsync(ServerPatience, clock))
                terminal.Say($"The server did not stop within {ServerPatience.TotalSeconds:0} s and was killed.");
        }
    }

    private async Task KeepServingAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(clock);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var logged = LogTail.EndOf(server.LogFile);
            backoff.Started();
            var process = _serverProcess = await server.LaunchAsync();
            Note(state => state with { Server = process.Identity });
            // One that has served before may wait as long as its database is away; one that never has is given up.
            var patience = _ready.Task.IsCompleted ? Timeout.InfiniteTimeSpan : FirstPatience;
            switch (await server.WaitUntilReadyAsync(process, patience, terminal.Say, clock, cancellationToken))
            {
                case Readiness.Ready:
                    Note(state => state with { Ready = true });
                    if (!_ready.TrySetResult())
                        terminal.Say($"The server is ready again (process {process.Identity.Id}).");
                    break;
                case Readiness.TooLate late:
                    throw NeverReady($"The server was not ready within {FirstPatience.TotalSeconds:0} s and last answered: {late.LastAnswer}.", logged);
            }
            var code = await process.Exited.WaitAsync(cancellationToken);
            if (!_ready.Task.IsCompleted)
                throw NeverReady($"The server ended ({Ending(code)}) before it was ready.", logged);

            var delay = backoff.Died();
            terminal.Say($"The server ended ({Ending(code)}); {Soon(delay)}. Its log: {server.LogFile}");
            Note(state => state with { Server = null, Ready = false });
            await Task.Delay(delay, clock, cancellationToken);
        }
    }

    private async Task KeepStoringAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(clock);
        backoff.Started();
        while (true)
        {
            var address = database.ConnectionString(DatabaseRole.App);
            var exit = await database.Server.Exited.WaitAsync(cancellationToken);
            do
            {
                var delay = backoff.Died();
                terminal.Say($"PostgreSQL ended ({Ending(exit.ExitCode ?? 0)}); {Soon(delay)}.");
                await Task.Delay(delay, clock, cancellationToken);
            } while (!await StartedAgainAsync(backoff, cancellationToken));
            Note(state => state with { PostgresProcessId = database.Server.ProcessId });
            terminal.Say($"PostgreSQL is back (process {database.Server.ProcessId}).");
            // One that had been started by another process comes back under another address, which the server learns at its start.
            if (database.ConnectionString(DatabaseRole.App) != address && _serverProcess is { } process)
                await process.StopAsync(ServerPatience, clock);
        }
    }

    private async Task KeepLogSmallAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(LogLookedAt, clock, cancellationToken);
            LogTail.RotateInUse(server.LogFile);
        }
    }

    private async Task<bool> StartedAgainAsync(Backoff backoff, CancellationToken cancellationToken)
    {
        try
        {
            backoff.Started();
            await database.ReviveAsync(cancellationToken);
            return true;
        }
        catch (EmbeddedPostgresException failure)
        {
            terminal.Say(failure.Message);
            return false;
        }
    }

    private void Note(Func<RunState, RunState> change)
    {
        lock (_stateLock)
        {
            _state = change(_state!);
            _state.Write(home);
        }
    }

    private GamekeeperException NeverReady(string what, long logged)
    {
        var failure = new GamekeeperException(
            "server.unavailable",
            $"{what} The end of its log {server.LogFile}:\n{LogTail.Of(server.LogFile, logged)}\n");
        _ready.TrySetException(failure);
        return failure;
    }

    private static string Soon(TimeSpan delay) => delay == TimeSpan.Zero ? "starting it again" : $"starting it again in {delay.TotalSeconds:0.##} s";

    private static string Ending(int code) => code > 128 ? $"signal {code - 128}" : $"exit code {code}";
}
