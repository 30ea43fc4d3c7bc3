using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Gamekeeper.Telemetry.Prometheus;

/// <summary>One metric with all its series.</summary>
internal sealed class Metric
{
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> _byTags = new(new TagComparer());
    private readonly ConcurrentDictionary<
        KeyValuePair<string, object?>[],
        Series
    >.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private readonly Dictionary<string, Series> _byLabels = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();
    private readonly MetricTable.Collection _collection;
    private readonly DroppedMeasurements _dropped;
    private readonly string? _help;
    private readonly double[] _bounds;
    private int _combinations;
    private volatile bool _full;

    public Metric(string name, MetricKind kind, Instrument instrument, MetricTable.Collection collection, DroppedMeasurements dropped)
    {
        (Name, Kind, _help, _collection, _dropped) = (name, kind, instrument.Description, collection, dropped);
        _bounds = kind.IsHistogram ? BoundsOf(instrument) : [];
        _lookup = _byTags.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public string Name { get; }

    public MetricKind Kind { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // A sum can be neither mended after a NaN nor taken back after a negative change of a counter.
        if (double.IsNaN(value) && (Kind.IsHistogram || Kind.IsCounter || Kind.Adds))
        {
            _dropped.Add(Name, "not_a_number");
            return;
        }
        if (value < 0 && Kind.IsCounter)
        {
            _dropped.Add(Name, "negative");
            return;
        }
        if (!_lookup.TryGetValue(tags, out var series) && !TryAdd(tags, out series))
        {
            _dropped.Add(Name, "series_limit");
            return;
        }
        series.SeenIn = _collection.Number;
        series.Record(value, Kind.Adds);
    }

    public void AppendTo(StringBuilder text)
    {
        KeyValuePair<string, Series>[] shown;
        lock (_adding)
            shown = [.. _byLabels.Where(s => !Kind.IsObserved || s.Value.SeenIn == _collection.Number)];
        if (shown.Length == 0)
            return;
        if (!string.IsNullOrEmpty(_help))
            text.Append("# HELP ").Append(Name).Append(' ').Append(Escape(_help)).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(Kind.Type).Append('\n');
        foreach (var (_, series) in shown.OrderBy(s => s.Key, StringComparer.Ordinal))
            series.AppendTo(text, Name);
    }

    // Reached once for each new combination of tags. Tags that print alike (1 and "1") share a series.
    private bool TryAdd(ReadOnlySpan<KeyValuePair<string, object?>> tags, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Series? series)
    {
        series = null;
        // A metric that is full does not make its callers queue.
        if (_full)
            return false;
        var labels = Labels.Print(tags);
        lock (_adding)
        {
            if (_lookup.TryGetValue(tags, out series))
                return true;
            if (_full)
                return false;
            if (!_byLabels.TryGetValue(labels, out series))
                _byLabels[labels] = series = Kind.IsHistogram ? new Distribution(labels, _bounds) : new SingleValue(labels);
            _lookup[tags] = series;
            _full = ++_combinations >= PrometheusText.MaxSeries;
            return true;
        }
    }

    private static double[] BoundsOf(Instrument instrument)
    {
        var advised = instrument switch
        {
            Histogram<double> h => h.Advice?.HistogramBucketBoundaries,
            Histogram<float> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b),
            Histogram<long> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b),
            Histogram<int> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b),
            Histogram<short> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b),
            Histogram<byte> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b),
            Histogram<decimal> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b),
            _ => null,
        };
        return advised is null ? DefaultBounds : [.. advised.Where(double.IsFinite).Distinct().Order()];
    }

    private static string Escape(string help) =>
        help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
