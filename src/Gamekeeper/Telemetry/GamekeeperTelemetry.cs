using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Gamekeeper.Telemetry;

/// <summary>The names under which Gamekeeper can be watched.</summary>
public static class GamekeeperTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Gamekeeper";

    /// <summary>All instruments of Gamekeeper hang here.</summary>
    public static readonly Meter Meter = new(Name);

    /// <summary>All spans of Gamekeeper come from here.</summary>
    public static readonly ActivitySource Activities = new(Name);
}
