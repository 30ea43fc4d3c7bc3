using System.Diagnostics;

namespace Gamekeeper.Benchmarks.Measuring;

/// <summary>One operation that was seen to its end.</summary>
/// <param name="End">When it ended, since the run began.</param>
/// <param name="Took">How long its caller waited.</param>
internal readonly record struct Sample(TimeSpan End, TimeSpan Took);

/// <summary>What one run of one side came to.</summary>
/// <param name="PerSecond">Operations a second, over all clients.</param>
/// <param name="P50">Half of the operations took at most this long.</param>
/// <param name="P99">Ninety-nine of a hundred took at most this long.</param>
/// <param name="BytesPerOperation">Allocated in our process for each operation; null for a side that is not ours.</param>
/// <param name="P95">Ninety-five of a hundred took at most this long.</param>
internal sealed record Run(double PerSecond, TimeSpan P50, TimeSpan P99, double? BytesPerOperation = null, TimeSpan P95 = default)
{
    /// <summary>Counts what ended after the warm-up.</summary>
    /// <exception cref="InvalidOperationException">Nothing ended after the warm-up: the run was too short to say anything.</exception>
    public static Run Of(IEnumerable<Sample> samples, TimeSpan warmUp, double? bytesPerOperation = null)
    {
        var counted = samples.Where(s => s.End > warmUp).ToArray();
        if (counted.Length == 0)
            throw new InvalidOperationException($"No operation ended after the first {warmUp.TotalSeconds:0.0##} s; give --seconds more.");
        var span = counted.Max(s => s.End) - warmUp;
        var sorted = counted.Select(s => s.Took).Order().ToArray();
        return new Run(counted.Length / span.TotalSeconds, Percentile(sorted, 0.50), Percentile(sorted, 0.99), bytesPerOperation, Percentile(sorted, 0.95));
    }

    /// <summary>The middle of several runs, each number for itself.</summary>
    public static Run Median(IReadOnlyList<Run> runs) =>
        new(
            Middle(runs.Select(r => r.PerSecond)),
            Middle(runs.Select(r => r.P50)),
            Middle(runs.Select(r => r.P99)),
            runs[0].BytesPerOperation is null ? null : Middle(runs.Select(r => r.BytesPerOperation!.Value)),
            Middle(runs.Select(r => r.P95))
        );

    /// <summary>The same for each of so many that were done as one.</summary>
    public Run PerEach(int together) =>
        new(PerSecond * together, P50 / together, P99 / together, BytesPerOperation / together, P95 / together);

    /// <summary>The smallest value that at least this part of all values does not exceed (nearest rank).</summary>
    public static TimeSpan Percentile(ReadOnlySpan<TimeSpan> sorted, double part)
    {
        Debug.Assert(sorted.Length > 0 && part is > 0 and <= 1, "a part of something");
        return sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Length) - 1)];
    }

    private static TimeSpan Middle(IEnumerable<TimeSpan> values) => TimeSpan.FromTicks((long)Middle(values.Select(v => (double)v.Ticks)));

    /// <summary>The median; of an even number the mean of the two in the middle.</summary>
    public static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
