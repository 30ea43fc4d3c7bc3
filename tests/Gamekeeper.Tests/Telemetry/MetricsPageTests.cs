using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text;
using Gamekeeper.Telemetry;
using Gamekeeper.Telemetry.Prometheus;
using Gamekeeper.Tests.Rules;

namespace Gamekeeper.Tests.Telemetry;

/// <summary>docs/reference/metrics.md is made of the instruments themselves, so it cannot be out of date.</summary>
public sealed class MetricsPageTests
{
    [Fact]
    public void The_reference_page_names_every_instrument_of_ours()
    {
        var instruments = OurInstruments();
        instruments.ShouldContain(i => i.Name == "gamekeeper.database.round_trip.duration");
        foreach (var instrument in instruments)
        {
            instrument.Unit.ShouldNotBeNullOrEmpty($"{instrument.Name} has no unit");
            instrument.Description.ShouldNotBeNullOrEmpty($"{instrument.Name} has no description");
        }

        Accepted.Compare("docs/reference/metrics.md", Page(instruments));
    }

    private static List<Instrument> OurInstruments()
    {
        var found = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter, GamekeeperTelemetry.Meter))
                    found.Add(instrument);
            },
        };
        // Instruments are static; they are published once their class has run its initialiser.
        foreach (var assembly in Sources.ProductAssemblies)
        {
            foreach (var type in assembly.GetTypes().Where(HoldsInstruments))
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }
        listener.Start();
        return [.. found.OrderBy(i => i.Name, StringComparer.Ordinal)];
    }

    private static bool HoldsInstruments(Type type) =>
        !type.ContainsGenericParameters
        && type.GetFields(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic)
            .Any(f => f.FieldType.IsAssignableTo(typeof(Instrument)));

    private static string Page(List<Instrument> instruments)
    {
        var page = new StringBuilder();
        page.Append(
            """
            # Metrics

            Made of the instruments of the meter `Gamekeeper` by a test; `GAMEKEEPER_ACCEPT=1` writes it anew. The Prometheus names are those of the
            text format; the labels stand with the instrument in its description. Beside them `gamekeeper_metrics_dropped_total` counts, by
            `metric` and `reason`, measurements that could not be shown (more than 1000 series, no number, a counter going down).

            | Instrument | Prometheus | Kind | Unit | What it says |
            |---|---|---|---|---|

            """
        );
        foreach (var instrument in instruments)
        {
            var kind = MetricKind.Of(instrument);
            var name = PrometheusName.OfMetric(instrument.Name, instrument.Unit, kind);
            page.Append($"| `{instrument.Name}` | `{name}` | {kind.Type} | {instrument.Unit} | {instrument.Description} |\n");
        }
        return page.ToString();
    }
}
