using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Gamekeeper.Telemetry.Prometheus;

/// <summary>All metrics by their printed name. A name is printed once, whichever instrument it comes from.</summary>
internal sealed class MetricTable
{
    private readonly ConcurrentDictionary<string, Metric> _metrics = new(StringComparer.Ordinal);
    private readonly Collection _collection = new();

    public DroppedMeasurements Dropped { get; } = new();

    /// <summary>The metric of an instrument; null when its name stands for something of another kind already.</summary>
    public Metric? MetricOf(Instrument instrument)
    {
        var kind = MetricKind.Of(instrument);
        var name = PrometheusName.OfMetric(instrument.Name, instrument.Unit, kind);
        // Two hosts of one process, or two versions of a meter, bring instruments of the same name: they share its series.
        var metric = _metrics.GetOrAdd(name, _ => new Metric(name, kind, instrument, _collection, Dropped));
        if (metric.Kind == kind)
            return metric;
        Dropped.Add(name, "name_taken");
        return null;
    }

    /// <summary>What observable instruments reported before is out of date from now on.</summary>
    public void BeginCollection() => _collection.Number++;

    public IEnumerable<Metric> InOrder() => _metrics.Values.OrderBy(m => m.Name, StringComparer.Ordinal);

    internal sealed class Collection
    {
        public long Number { get; set; }
    }
}
