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
        var required = line.Kind == RatioKind.Throughput ? $"throughput ≥ {Plain(line.Bound)}" : $"p50 ≤ {Plain(line.Bound)}";
        var bytes = line.Ours.BytesPerOperation is { } each ? each.ToString("#,0", Spaced) : "";
        return $"| {line.Path} | {line.LimitName} | {Rate(line.Ours)} | {Rate(line.Limit)} | {Times(line.Ours)} | {Times(line.Limit)} | {bytes} "
            + $"| **{line.Ratio.ToString("0.00", Spaced)}** | {required} | {(line.IsMet ? "met" : "**missed**")} |";
    }

    private static readonly NumberFormatInfo Spaced = new() { NumberGroupSeparator = " ", NumberDecimalSeparator = "." };

    private static string Rate(Run run) => run.PerSecond.ToString(run.PerSecond < 10 ? "0.00" : "#,0", Spaced);

    private static string Times(Run run) => $"{Milliseconds(run.P50)} / {Milliseconds(run.P99)}";

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString(time.TotalMilliseconds switch { < 1 => "0.000", < 10 => "0.00", _ => "#,0.0" }, Spaced);

    private static string Plain(double value) => value.ToString("0.##", Spaced);
}
