using System.Diagnostics.Metrics;
using Gamekeeper.Telemetry;

namespace Gamekeeper.Batching;

/// <summary>What can be seen of write-behinds, by their names.</summary>
internal static class WriteBehindMetrics
{
    public static readonly Counter<long> Accepted = GamekeeperTelemetry.Meter.CreateCounter<long>(
        "gamekeeper.write_behind.accepted",
        unit: "{row}",
        description: "Rows that were accepted, with those that replaced a waiting one of the same key."
    );

    public static readonly Counter<long> Written = GamekeeperTelemetry.Meter.CreateCounter<long>(
        "gamekeeper.write_behind.written",
        unit: "{row}",
        description: "Rows that were written."
    );

    public static readonly Counter<long> Full = GamekeeperTelemetry.Meter.CreateCounter<long>(
        "gamekeeper.write_behind.full",
        unit: "{row}",
        description: "Rows that did not fit and were refused."
    );

    public static readonly Counter<long> Broken = GamekeeperTelemetry.Meter.CreateCounter<long>(
        "gamekeeper.write_behind.broken",
        unit: "{row}",
        description: "Rows that the database refused and that were given up; each is logged."
    );

    public static readonly Counter<long> Failed = GamekeeperTelemetry.Meter.CreateCounter<long>(
        "gamekeeper.write_behind.failed",
        unit: "{pass}",
        description: "Passes that failed; their rows wait for the next."
    );
}
