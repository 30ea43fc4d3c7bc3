namespace Gamekeeper.Cli.Supervision;

/// <summary>How long to wait before starting again what died: at once the first time, doubling to ten seconds while it keeps dying.</summary>
internal sealed class Backoff(TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CalmAfter = TimeSpan.FromSeconds(30);
    private long _startedAt;
    private int _deaths;

    /// <summary>It has been started.</summary>
    public void Started() => _startedAt = clock.GetTimestamp();

    /// <summary>It has died: wait so long. One that had run for half a minute is forgiven.</summary>
    public TimeSpan Died()
    {
        _deaths = clock.GetElapsedTime(_startedAt) >= CalmAfter ? 1 : _deaths + 1;
        if (_deaths == 1)
            return TimeSpan.Zero;
        var delay = TimeSpan.FromMilliseconds(250L << Math.Min(_deaths - 2, 10));
        return delay < Longest ? delay : Longest;
    }
}
