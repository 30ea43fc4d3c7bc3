using System.Diagnostics.Metrics;
using Gamekeeper.Telemetry;

namespace Gamekeeper.Batching;

/// <summary>What can be seen of group commits, by their names.</summary>
internal static class GroupCommitMetrics
{
    public static readonly Histogram<long> BatchRows = GamekeeperTelemetry.Meter.CreateHistogram(
        "gamekeeper.group_commit.batch.size",
        unit: "{row}",
        description: "Rows that share one commit.",
        advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] }
    );

    public static readonly Histogram<double> Wait = GamekeeperTelemetry.Meter.CreateHistogram(
        "gamekeeper.group_commit.wait.duration",
        unit: "s",
        description: "Time a row waits before it is sent, with the wait for a place in the queue.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] }
    );

    public static readonly UpDownCounter<long> Queued = GamekeeperTelemetry.Meter.CreateUpDownCounter<long>(
        "gamekeeper.group_commit.queued",
        unit: "{row}",
        description: "Rows that wait to be sent, with those that wait for a place in the queue."
    );

    public static readonly Counter<long> Split = GamekeeperTelemetry.Meter.CreateCounter<long>(
        "gamekeeper.group_commit.splits",
        unit: "{batch}",
        description: "Batches that failed because of a row and were halved to find it."
    );
}
