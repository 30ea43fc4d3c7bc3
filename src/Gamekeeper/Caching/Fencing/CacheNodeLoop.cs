using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Caching.Fencing;

/// <summary>Keeps this node's lease as long as the host runs. Added by <see cref="GamekeeperBuilder.AddCache"/>.</summary>
internal sealed partial class CacheNodeLoop(CacheNode node, CacheRedis redis, ILogger<CacheNodeLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        redis.Start(node);
        while (!stoppingToken.IsCancellationRequested)
        {
            var again = false;
            try
            {
                again = await node.StepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            // Without PostgreSQL the lease runs out by itself, and with it the right to answer from the cache.
            catch (Exception failure) when (failure is GamekeeperException or Npgsql.NpgsqlException or Redis.RedisException or TimeoutException)
            {
                LogStepFailed(logger, failure.Message);
            }
            if (!again)
                await node.WaitAsync(stoppingToken);
        }
        await LeaveAsync();
    }

    private async Task LeaveAsync()
    {
        using var limit = new CancellationTokenSource(Farewell);
        try
        {
            await node.LeaveAsync(limit.Token);
        }
        // Then writers wait until the lease has run out.
        catch (Exception failure) when (failure is GamekeeperException or Npgsql.NpgsqlException or OperationCanceledException)
        {
            LogStepFailed(logger, failure.Message);
        }
    }

    [LoggerMessage(1014, LogLevel.Warning, "The lease of this cache node could not be renewed and is tried again: {Reason}")]
    private static partial void LogStepFailed(ILogger logger, string reason);
}
