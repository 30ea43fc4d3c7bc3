using System.Diagnostics.Metrics;
using Gamekeeper.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>Tells the age of the newest checkpoint on every node, whichever of them makes it: an age that grows is the alarm.</summary>
internal sealed partial class CheckpointAge(CheckpointRepository checkpoints, ILogger<CheckpointAge> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    private static readonly Gauge<double> Age = GamekeeperTelemetry.Meter.CreateGauge<double>(
        "gamekeeper.checkpoints.age",
        unit: "s",
        description: "Age of the newest checkpoint, looked up every 15 s; before the first, since when the job is known."
    );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await checkpoints.AgeAsync(stoppingToken) is { } age)
                    Age.Record(age.TotalSeconds);
            }
            // A database that is away or not migrated yet comes back.
            catch (Exception failure) when (failure is GamekeeperException or Npgsql.NpgsqlException)
            {
                LogFailed(logger, failure.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            // The age is by the database's clock, so looking goes by the real one, too.
            await Task.Delay(Pause, TimeProvider.System, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(331, LogLevel.Debug, "The age of the newest checkpoint could not be read: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
