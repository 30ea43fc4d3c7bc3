using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Caching.Warming;

/// <summary>Warms the cache once this node may answer from it. Nobody waits for it.</summary>
internal sealed partial class WarmAtStart(CacheWarming warming, GameCache cache, TimeProvider clock, ILogger<WarmAtStart> logger) : BackgroundService
{
    // A node serves a lease after it joined; nothing is lost by looking a little later.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!cache.IsServing)
                await Task.Delay(Pause, clock, stoppingToken);
            foreach (var warmed in await warming.RunAsync(cancellationToken: stoppingToken))
                LogWarmed(logger, warmed.Name, warmed.Keys, warmed.Took.TotalMilliseconds);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        // A cold cache fills itself; the host must not end because of it.
        catch (Exception failure) when (failure is GamekeeperException or Npgsql.NpgsqlException or TimeoutException)
        {
            LogFailed(logger, failure.Message);
        }
    }

    [LoggerMessage(1040, LogLevel.Information, "Cache warmed by {Warmer}: {Keys} values in {ElapsedMs} ms")]
    private static partial void LogWarmed(ILogger logger, string warmer, int keys, double elapsedMs);

    [LoggerMessage(1041, LogLevel.Warning, "The cache was not warmed; it fills itself: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
