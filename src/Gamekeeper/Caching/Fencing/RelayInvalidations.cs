using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Caching.Fencing;

/// <summary>Tells what a writer committed and did not live to tell, and what raw SQL from outside made old. Runs with the host.</summary>
internal sealed partial class RelayInvalidations(CommitFence fence, TimeProvider clock, ILogger<RelayInvalidations> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // A living writer has told it by then, or is about to void everything.
    private static readonly TimeSpan Age = TimeSpan.FromMilliseconds(400);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await fence.RelayAsync(Age, stoppingToken) is > 0 and var rows)
                    LogRelayed(logger, rows);
            }
            catch (Exception failure) when (failure is GamekeeperException or Npgsql.NpgsqlException)
            {
                LogFailed(logger, failure.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1015, LogLevel.Information, "{Rows} writes that nobody had told the caches of were told now")]
    private static partial void LogRelayed(ILogger logger, int rows);

    [LoggerMessage(1016, LogLevel.Warning, "Looking for writes that the caches were not told of failed and is tried again: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
