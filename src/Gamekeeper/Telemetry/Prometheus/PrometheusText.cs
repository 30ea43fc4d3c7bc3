using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Text;

namespace Gamekeeper.Telemetry.Prometheus;

/// <summary>
/// The metrics of this process in the Prometheus text format 0.0.4, straight from the meters of .NET. It listens from the moment it is
/// made; one for each process. A recorded measurement costs a look-up and an atomic addition and allocates nothing.
/// <para>
/// Names follow the convention: dots become underscores, units are spelled (<c>_seconds</c>, <c>_bytes</c>), counters end in
/// <c>_total</c>. What cannot be shown is counted in <c>gamekeeper_metrics_dropped_total</c> by metric and reason:
/// <c>series_limit</c>, <c>not_a_number</c>, <c>negative</c>, <c>name_taken</c>, <c>callback_failed</c>.
/// </para>
/// See https://prometheus.io/docs/instrumenting/exposition_formats/ for the format.
/// </summary>
public sealed class PrometheusText : IDisposable
{
    /// <summary>The media type of what <see cref="Render"/> returns.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Most series (combinations of labels) of one metric; further ones are dropped and counted.</summary>
    public const int MaxSeries = 1000;

    /// <summary>The meters that are shown unless others are named.</summary>
    public static readonly IReadOnlyList<string> DefaultMeters =
    [
        GamekeeperTelemetry.Name,
        "Npgsql",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Runtime",
    ];

    private readonly MetricTable _table = new();
    private readonly MeterListener _listener;
    private readonly Lock _rendering = new();

    /// <summary>Listens to the usual meters.</summary>
    public PrometheusText()
        : this(DefaultMeters) { }

    /// <summary>Listens to the meters with these names.</summary>
    public PrometheusText(IEnumerable<string> meters)
    {
        var names = meters.ToFrozenSet(StringComparer.Ordinal);
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (names.Contains(instrument.Meter.Name) && _table.MetricOf(instrument) is { } metric)
                    listener.EnableMeasurementEvents(instrument, metric);
            },
        };
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => Record((double)value, tags, state));
        _listener.Start();
    }

    /// <summary>Asks the observable instruments and prints everything. Safe to call at any time, from several callers.</summary>
    public string Render()
    {
        lock (_rendering)
        {
            _table.BeginCollection();
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // An instrument of somebody else must not hide all others; the listener has asked the rest before it throws.
                _table.Dropped.Add("observable instruments", "callback_failed");
            }
            var text = new StringBuilder();
            foreach (var metric in _table.InOrder())
                metric.AppendTo(text);
            _table.Dropped.AppendTo(text);
            return text.ToString();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _listener.Dispose();

    private static void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) =>
        ((Metric)state!).Record(value, tags);
}
