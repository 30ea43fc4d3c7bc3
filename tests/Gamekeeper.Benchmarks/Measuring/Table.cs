using System.Globalization;
using System.Text;

namespace Gamekeeper.Benchmarks.Measuring;

/// <summary>The lines as a table in markdown.</summary>
internal static class Table
{
    /// <summary>The whole table.</summary>
    public static string Of(IEnumerable<Line> lines)
    {
        var text = new StringBuilder();
        text.Append("| path | against | ours a second | limit a second | ours p50 / p99 ms | limit p50 / p99 ms | bytes an operation | ratio | required | |\n");
        text.Append("|---|---|--:|--:|--:|--:|--:|--:|--:|---|\n");
        foreach (var line in lines)
            text.Append(Row(line)).Append('\n');
        return text.ToString();
    }

    /// <summary>One line of it.</summary>
    public static string Row(Line line)
    {
        var bytes = line.Ours.BytesPerOperation is { } each ? each.ToString("#,0", Spaced) : "";
        var verdict = line.Kind == Judged.StatedP99 ? "" : line.IsMet ? "met" : "**missed**";
        return $"| {line.Path} | {line.LimitName} | {Rate(line.Ours)} | {Rate(line.Limit)} | {Times(line.Ours)} | {Times(line.Limit)} | {bytes} "
            + $"| **{Value(line)}** | {Required(line)} | {verdict} |";
    }

    private static string Required(Line line) =>
        line.Kind switch
        {
            Judged.Throughput => $"throughput ≥ {Plain(line.Bound)}",
            Judged.Latency => $"p50 ≤ {Plain(line.Bound)}",
            Judged.Mean => $"mean ≤ {Plain(line.Bound)} µs",
            Judged.Allocation => line.Bound == 0 ? "no allocation" : $"≤ {Plain(line.Bound)} bytes",
            Judged.P95 => $"p95 < {Plain(line.Bound)} ms",
            _ => "p99 stated",
        };

    private static string Value(Line line) =>
        line.Value.ToString(line.Kind is Judged.Mean ? "0.000" : "0.00", Spaced)
        + line.Kind switch
        {
            Judged.Mean => " µs",
            Judged.Allocation => " bytes",
            Judged.P95 or Judged.StatedP99 => " ms",
            _ => "",
        };

    private static readonly NumberFormatInfo Spaced = new() { NumberGroupSeparator = " ", NumberDecimalSeparator = "." };

    private static string Rate(Run? run) => run is null ? "" : run.PerSecond.ToString(run.PerSecond < 10 ? "0.00" : "#,0", Spaced);

    private static string Times(Run? run) => run is null ? "" : $"{Milliseconds(run.P50)} / {Milliseconds(run.P99)}";

    private static string Milliseconds(TimeSpan time) =>
        time.TotalMilliseconds < 0.001 ? "< 0.001"
        : time.TotalMilliseconds.ToString(time.TotalMilliseconds switch { < 1 => "0.000", < 10 => "0.00", _ => "#,0.0" }, Spaced);

    private static string Plain(double value) => value.ToString("0.##", Spaced);
}
