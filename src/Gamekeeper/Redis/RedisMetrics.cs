using System.Diagnostics.Metrics;
using Gamekeeper.Telemetry;

namespace Gamekeeper.Redis;

/// <summary>What can be seen of the way to Redis.</summary>
internal static class RedisMetrics
{
    public static readonly UpDownCounter<long> InFlight = GamekeeperTelemetry.Meter.CreateUpDownCounter<long>(
        "gamekeeper.redis.in_flight",
        unit: "{command}",
        description: "Commands that wait for their answer, with those that nobody waits for any more."
    );

    public static readonly Counter<long> SentBytes = GamekeeperTelemetry.Meter.CreateCounter<long>(
        "gamekeeper.redis.sent",
        unit: "By",
        description: "Bytes sent to Redis."
    );

    public static readonly Counter<long> ReceivedBytes = GamekeeperTelemetry.Meter.CreateCounter<long>(
        "gamekeeper.redis.received",
        unit: "By",
        description: "Bytes received from Redis."
    );

    private static readonly Histogram<double> Duration = GamekeeperTelemetry.Meter.CreateHistogram(
        "gamekeeper.redis.command.duration",
        unit: "s",
        description: "Time from handing a command over to its answer, by command; late answers too.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] }
    );

    private static readonly Counter<long> Errors = GamekeeperTelemetry.Meter.CreateCounter<long>(
        "gamekeeper.redis.errors",
        unit: "{error}",
        description: "Commands without a proper answer, by command and reason (TimedOut, ConnectionLost, Protocol, Refused)."
    );

    private static readonly Counter<long> Connections = GamekeeperTelemetry.Meter.CreateCounter<long>(
        "gamekeeper.redis.connections",
        unit: "{event}",
        description: "What became of connections, by purpose (commands, subscriptions) and event (opened, lost, failed)."
    );

    public static void Answered(PendingCommand command, TimeProvider clock, bool isError)
    {
        if (Duration.Enabled)
            Duration.Record(clock.GetElapsedTime(command.Since).TotalSeconds, new KeyValuePair<string, object?>("command", command.Name));
        if (isError)
            Failed(command.Name, nameof(RedisFailure.Refused));
    }

    public static void Failed(string command, string reason) => Errors.Add(1, new("command", command), new("reason", reason));

    public static void Connection(RedisPurpose purpose, string happened) =>
        Connections.Add(1, new("purpose", purpose == RedisPurpose.Commands ? "commands" : "subscriptions"), new("event", happened));
}
