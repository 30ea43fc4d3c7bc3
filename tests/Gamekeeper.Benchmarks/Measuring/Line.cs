namespace Gamekeeper.Benchmarks.Measuring;

/// <summary>One line of the table: what was measured, against what, and whether that is good enough.</summary>
/// <param name="Path">What is done.</param>
/// <param name="Ours">The product's side.</param>
/// <param name="LimitName">What the other side is; empty where there is none.</param>
/// <param name="Limit">The other side; null where a number stands by itself.</param>
/// <param name="Value">The number that is judged.</param>
/// <param name="Bound">The number it is judged by; ignored where it is only stated.</param>
/// <param name="Kind">What the number is, and which way is good.</param>
internal sealed record Line(string Path, Run Ours, string LimitName, Run? Limit, double Value, double Bound, Judged Kind)
{
    /// <summary>Whether the limit is met.</summary>
    public bool IsMet =>
        Kind switch
        {
            Judged.Throughput => Value >= Bound,
            Judged.P95 => Value < Bound,
            Judged.StatedP99 => true,
            _ => Value <= Bound,
        };

    /// <summary>Our throughput by the limit's; at least so much.</summary>
    public static Line Throughput(string path, Comparison measured, string limitName, double atLeast) =>
        new(path, measured.Ours, limitName, measured.Limit, measured.Ours.PerSecond / measured.Limit.PerSecond, atLeast, Judged.Throughput);

    /// <summary>Our p50 by the limit's; at most so much.</summary>
    public static Line Latency(string path, Comparison measured, string limitName, double atMost) =>
        new(path, measured.Ours, limitName, measured.Limit, measured.Ours.P50 / measured.Limit.P50, atMost, Judged.Latency);

    /// <summary>How long one takes on average, one caller asking; at most so many microseconds.</summary>
    public static Line Mean(string path, Run ours, double atMostUs) => new(path, ours, "", null, 1_000_000 / ours.PerSecond, atMostUs, Judged.Mean);

    /// <summary>What one allocates; at most so many bytes.</summary>
    public static Line Allocation(string path, Run ours, double atMost) => new(path, ours, "", null, ours.BytesPerOperation!.Value, atMost, Judged.Allocation);

    /// <summary>Ninety-five of a hundred take less than so many milliseconds.</summary>
    public static Line P95(string path, Run ours, double belowMs) => new(path, ours, "", null, ours.P95.TotalMilliseconds, belowMs, Judged.P95);

    /// <summary>How long ninety-nine of a hundred take at most; said, and not judged.</summary>
    public static Line StatedP99(string path, Run ours) => new(path, ours, "", null, ours.P99.TotalMilliseconds, 0, Judged.StatedP99);
}

/// <summary>What is judged.</summary>
internal enum Judged
{
    /// <summary>Operations a second by the limit's: more is better.</summary>
    Throughput,

    /// <summary>The middle latency by the limit's: less is better.</summary>
    Latency,

    /// <summary>The average time in microseconds.</summary>
    Mean,

    /// <summary>Bytes allocated.</summary>
    Allocation,

    /// <summary>A latency in milliseconds.</summary>
    P95,

    /// <summary>A latency in milliseconds that is stated.</summary>
    StatedP99,
}
