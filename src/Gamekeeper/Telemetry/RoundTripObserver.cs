using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gamekeeper.Telemetry;

/// <summary>Sees every round trip to PostgreSQL: its duration, its failure, and whether it was slow. Never its parameters.</summary>
internal sealed partial class RoundTripObserver(ILogger logger, TimeSpan? slowAfter)
{
    private static readonly Histogram<double> Duration = GamekeeperTelemetry.Meter.CreateHistogram(
        "gamekeeper.database.round_trip.duration",
        unit: "s",
        description: "Time from sending a batch of statements to reading its last row, by the name of its last statement.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] }
    );

    private static readonly Counter<long> Errors = GamekeeperTelemetry.Meter.CreateCounter<long>(
        "gamekeeper.database.errors",
        unit: "{error}",
        description: "Round trips that failed, by statement and SQLSTATE; a lost connection counts as 'connection'."
    );

    private static readonly Counter<long> Slow = GamekeeperTelemetry.Meter.CreateCounter<long>(
        "gamekeeper.database.slow_statements",
        unit: "{statement}",
        description: "Round trips that took longer than the slow-statement threshold."
    );

    public StatementTimings Timings { get; } = new();

    public void Sent(string statement, TimeSpan elapsed, Exception? failure)
    {
        var tag = new KeyValuePair<string, object?>("statement", statement);
        Duration.Record(elapsed.TotalSeconds, tag);
        Timings.Add(statement, elapsed);
        if (failure is not null)
            Errors.Add(1, tag, new("sqlstate", (failure as PostgresException)?.SqlState ?? "connection"));
        if (slowAfter is { } limit && elapsed >= limit)
        {
            Slow.Add(1, tag);
            LogSlow(logger, statement, (long)elapsed.TotalMilliseconds, (long)limit.TotalMilliseconds);
        }
    }

    [LoggerMessage(100, LogLevel.Warning, "Slow statement {Statement}: {ElapsedMs} ms, threshold {LimitMs} ms")]
    private static partial void LogSlow(ILogger logger, string statement, long elapsedMs, long limitMs);
}
