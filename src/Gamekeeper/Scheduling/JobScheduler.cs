using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Scheduling;

/// <summary>Looks for due jobs as long as the host runs. Added by <see cref="GamekeeperBuilder.AddJobScheduler"/>.</summary>
internal sealed partial class JobScheduler(
    JobBoard board,
    IOptions<JobSchedulerOptions> options,
    TimeProvider clock,
    ILogger<JobScheduler> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var registered = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!registered)
                    await board.RegisterAsync(stoppingToken);
                registered = true;
                await board.RunDueAsync(stoppingToken);
            }
            // A database that is away or not migrated yet comes back; the scheduler must still be there then.
            catch (Exception failure) when (failure is GamekeeperException or Npgsql.NpgsqlException)
            {
                LogPassFailed(logger, failure.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            await Task.Delay(options.Value.Poll, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(204, LogLevel.Warning, "Looking for due jobs failed and is tried again: {Reason}")]
    private static partial void LogPassFailed(ILogger logger, string reason);
}
