using System.Collections.Concurrent;
using System.Text;

namespace Gamekeeper.Telemetry.Prometheus;

/// <summary>Counts what is not shown, so that a gap is seen and its reason known. Bounded by the metrics there are.</summary>
internal sealed class DroppedMeasurements
{
    private readonly ConcurrentDictionary<(string Metric, string Reason), long> _counts = new();

    public void Add(string metric, string reason) => _counts.AddOrUpdate((metric, reason), 1, static (_, count) => count + 1);

    public void AppendTo(StringBuilder text)
    {
        if (_counts.IsEmpty)
            return;
        text.Append("# HELP gamekeeper_metrics_dropped_total Measurements that are not shown, by metric and reason.\n");
        text.Append("# TYPE gamekeeper_metrics_dropped_total counter\n");
        foreach (var ((metric, reason), count) in _counts.OrderBy(c => c.Key))
            text.Append("gamekeeper_metrics_dropped_total{metric=\"").Append(metric).Append("\",reason=\"").Append(reason).Append("\"} ").Append(count).Append('\n');
    }
}
