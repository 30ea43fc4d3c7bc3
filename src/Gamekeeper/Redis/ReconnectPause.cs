namespace Gamekeeper.Redis;

/// <summary>How long to wait before the next attempt: doubling, and half of it random, so that not all nodes come back at the same moment.</summary>
internal sealed class ReconnectPause(TimeSpan min, TimeSpan max)
{
    private int _failures;

    public TimeSpan Next()
    {
        var full = TimeSpan.FromTicks((long)Math.Min(max.Ticks, min.Ticks * Math.Pow(2, _failures)));
        _failures = Math.Min(_failures + 1, 40);
        return Random(full);
    }

    /// <summary>The longest: for what an operator has to mend.</summary>
    public TimeSpan Longest() => Random(max);

    /// <summary>A connection was there.</summary>
    public void Reset() => _failures = 0;

    private static TimeSpan Random(TimeSpan full) => full * (0.5 + (System.Random.Shared.NextDouble() / 2));
}
