namespace Gamekeeper.Benchmarks.Measuring;

/// <summary>One line of the table: what was measured, against what, and whether that is good enough.</summary>
/// <param name="Path">What is done.</param>
/// <param name="Ours">The product's side.</param>
/// <param name="LimitName">What the other side is.</param>
/// <param name="Limit">The other side.</param>
/// <param name="Ratio">The number that is judged.</param>
/// <param name="Bound">The number it is judged by.</param>
/// <param name="Kind">What is divided by what, and which way is good.</param>
internal sealed record Line(string Path, Run Ours, string LimitName, Run Limit, double Ratio, double Bound, RatioKind Kind)
{
    /// <summary>Whether the limit is met.</summary>
    public bool IsMet => Kind == RatioKind.Throughput ? Ratio >= Bound : Ratio <= Bound;

    /// <summary>Our throughput by the limit's; at least so much.</summary>
    public static Line Throughput(string path, Comparison measured, string limitName, double atLeast) =>
        new(path, measured.Ours, limitName, measured.Limit, measured.Ours.PerSecond / measured.Limit.PerSecond, atLeast, RatioKind.Throughput);

    /// <summary>Our p50 by the limit's; at most so much.</summary>
    public static Line Latency(string path, Comparison measured, string limitName, double atMost) =>
        new(path, measured.Ours, limitName, measured.Limit, measured.Ours.P50 / measured.Limit.P50, atMost, RatioKind.Latency);
}

/// <summary>What a ratio is of.</summary>
internal enum RatioKind
{
    /// <summary>Operations a second: more is better.</summary>
    Throughput,

    /// <summary>The middle latency: less is better.</summary>
    Latency,
}
