using System.Globalization;
using System.Text;

namespace Gamekeeper.Telemetry.Prometheus;

/// <summary>One line of a counter or gauge, or the lines of one histogram, under one combination of labels.</summary>
internal abstract class Series(string labels)
{
    /// <summary>The collection in which an observable instrument reported it last.</summary>
    public long SeenIn { get; set; }

    protected string Labels => labels;

    public abstract void Record(double value, bool adds);

    public abstract void AppendTo(StringBuilder text, string metric);

    protected static void AppendLine(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    protected static string Number(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    protected static void AddTo(ref double target, double value)
    {
        for (var seen = Volatile.Read(ref target); ; )
        {
            var before = Interlocked.CompareExchange(ref target, seen + value, seen);
            // By bits: NaN is never equal to itself, and an addition to it would be tried for ever.
            if (BitConverter.DoubleToInt64Bits(before) == BitConverter.DoubleToInt64Bits(seen))
                return;
            seen = before;
        }
    }
}

/// <summary>A counter or a gauge.</summary>
internal sealed class SingleValue(string labels) : Series(labels)
{
    private double _value;

    public override void Record(double value, bool adds)
    {
        if (adds)
            AddTo(ref _value, value);
        else
            Volatile.Write(ref _value, value);
    }

    public override void AppendTo(StringBuilder text, string metric) => AppendLine(text, metric, Labels, Volatile.Read(ref _value));
}

/// <summary>A histogram: how many values fell below each bound.</summary>
internal sealed class Distribution(string labels, double[] bounds) : Series(labels)
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public override void Record(double value, bool adds)
    {
        // A value equal to a bound belongs below it: le means less or equal.
        var found = Array.BinarySearch(bounds, value);
        Interlocked.Increment(ref _counts[found >= 0 ? found : ~found]);
        AddTo(ref _sum, value);
    }

    public override void AppendTo(StringBuilder text, string metric)
    {
        var all = 0L;
        var separator = Labels.Length > 0 ? "," : "";
        for (var i = 0; i <= bounds.Length; i++)
        {
            // The count is the sum of the buckets read here, so that a value recorded meanwhile cannot make them disagree.
            all += Interlocked.Read(ref _counts[i]);
            var le = Number(i == bounds.Length ? double.PositiveInfinity : bounds[i]);
            AppendLine(text, metric + "_bucket", $"{Labels}{separator}le=\"{le}\"", all);
        }
        AppendLine(text, metric + "_sum", Labels, Volatile.Read(ref _sum));
        AppendLine(text, metric + "_count", Labels, all);
    }
}
