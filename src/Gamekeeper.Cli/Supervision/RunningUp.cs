using Gamekeeper.Cli.Home;

namespace Gamekeeper.Cli.Supervision;

/// <summary>An <c>up</c> that another process runs: waited for and told about, never touched.</summary>
internal sealed class RunningUp(Invocation invocation)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>Says where the one that runs can be reached, once it can be.</summary>
    public async Task<int> AttachAsync(CancellationToken cancellationToken)
    {
        var state = await WaitUntilReadyAsync(() => !IsHeld(), cancellationToken);
        if (state is null)
        {
            invocation.Terminal.Say("Another 'up' was starting on this folder and has ended before it served. Start this one again.");
            return ExitCodes.Unavailable;
        }
        invocation.Terminal.Say($"Gamekeeper already runs on {invocation.Home.Path} (process {state.Up.Id}); nothing was started.");
        await new Announcement(invocation).TellAsync(state, held: null, cancellationToken);
        return ExitCodes.Ok;
    }

    /// <summary>What runs, once its server has answered as ready; null when <paramref name="hasEnded"/> says that waiting is in vain.</summary>
    /// <exception cref="GamekeeperException"><c>server.unavailable</c>: it did not get ready in five minutes.</exception>
    public async Task<RunState?> WaitUntilReadyAsync(Func<bool> hasEnded, CancellationToken cancellationToken)
    {
        var started = invocation.Clock.GetTimestamp();
        while (true)
        {
            // Asked before the state is read: one that gets ready and ends in between must not look as if it had never been.
            var ended = hasEnded();
            if (RunState.ReadLive(invocation.Home) is { Ready: true } ready)
                return ready;
            if (ended)
                return null;
            if (invocation.Clock.GetElapsedTime(started) > Patience)
                throw new GamekeeperException("server.unavailable", $"The server was not ready within {Patience.TotalMinutes:0} minutes; see {invocation.Home.LogFolder}.");
            await Task.Delay(LookAgain, invocation.Clock, cancellationToken);
        }
    }

    private bool IsHeld()
    {
        using var taken = UpLock.TryTake(invocation.Home);
        return taken is null;
    }
}
