using System.Collections.Concurrent;

namespace Gamekeeper.Telemetry;

/// <summary>How long the statements of this process took, by name, since it started. Bounded: names beyond the limit are counted together.</summary>
internal sealed class StatementTimings
{
    /// <summary>Names are constants of the code, a few hundred; the bound is for what nobody thought of.</summary>
    public const int MaxNames = 1000;

    private const string Others = "(others)";

    private readonly ConcurrentDictionary<string, Tally> _tallies = new(StringComparer.Ordinal);
    private int _names;

    public void Add(string statement, TimeSpan elapsed)
    {
        if (!_tallies.TryGetValue(statement, out var tally))
            tally = New(statement);
        tally.Add(elapsed.Ticks);
    }

    public IReadOnlyList<StatementTiming> Read() =>
        [.. _tallies.Select(t => t.Value.Read(t.Key)).OrderByDescending(t => t.Mean).ThenBy(t => t.Statement, StringComparer.Ordinal)];

    // A name that several threads bring at once may be counted more than once; the limit is not exact and need not be.
    private Tally New(string statement) =>
        Volatile.Read(ref _names) >= MaxNames || Interlocked.Increment(ref _names) > MaxNames
            ? _tallies.GetOrAdd(Others, static _ => new Tally())
            : _tallies.GetOrAdd(statement, static _ => new Tally());

    private sealed class Tally
    {
        private long _calls;
        private long _ticks;

        public void Add(long ticks)
        {
            Interlocked.Add(ref _ticks, ticks);
            Interlocked.Increment(ref _calls);
        }

        public StatementTiming Read(string statement) =>
            new(statement, Math.Max(1, Interlocked.Read(ref _calls)), TimeSpan.FromTicks(Interlocked.Read(ref _ticks)));
    }
}

/// <summary>How long a statement took in this process, from sending it to reading its last row.</summary>
/// <param name="Statement">Its name in the code; a round trip of several bears the name of the last one.</param>
/// <param name="Calls">Round trips, failed ones too; at least 1.</param>
/// <param name="Total">All of them together.</param>
public sealed record StatementTiming(string Statement, long Calls, TimeSpan Total)
{
    /// <summary>One of them, on average.</summary>
    public TimeSpan Mean => Total / Calls;
}
