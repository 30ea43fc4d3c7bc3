using System.Diagnostics.Metrics;

namespace Gamekeeper.Telemetry.Prometheus;

/// <summary>What an instrument is to Prometheus, and what a measurement of it means.</summary>
/// <param name="Type">The word after # TYPE.</param>
/// <param name="IsObserved">Measured when asked; a series that is no longer reported disappears.</param>
/// <param name="Adds">Each measurement is a change and not a state.</param>
internal sealed record MetricKind(string Type, bool IsObserved, bool Adds)
{
    private static readonly MetricKind Counter = new("counter", IsObserved: false, Adds: true);
    private static readonly MetricKind ObservableCounter = new("counter", IsObserved: true, Adds: false);
    private static readonly MetricKind Histogram = new("histogram", IsObserved: false, Adds: true);
    private static readonly MetricKind UpDownCounter = new("gauge", IsObserved: false, Adds: true);
    private static readonly MetricKind Gauge = new("gauge", IsObserved: false, Adds: false);
    private static readonly MetricKind ObservableGauge = new("gauge", IsObserved: true, Adds: false);

    public bool IsCounter => Type == "counter";

    public bool IsHistogram => Type == "histogram";

    public static MetricKind Of(Instrument instrument)
    {
        // Instruments are generic and have no kind of their own to ask for; custom subclasses are seen by their base.
        for (var type = instrument.GetType(); type is not null; type = type.BaseType)
        {
            if (!type.IsGenericType)
                continue;
            var open = type.GetGenericTypeDefinition();
            var kind =
                open == typeof(Counter<>) ? Counter
                : open == typeof(ObservableCounter<>) ? ObservableCounter
                : open == typeof(Histogram<>) ? Histogram
                : open == typeof(UpDownCounter<>) ? UpDownCounter
                : open == typeof(Gauge<>) ? Gauge
                : open == typeof(ObservableGauge<>) || open == typeof(ObservableUpDownCounter<>) ? ObservableGauge
                : null;
            if (kind is not null)
                return kind;
        }
        return instrument.IsObservable ? ObservableGauge : Gauge;
    }
}
