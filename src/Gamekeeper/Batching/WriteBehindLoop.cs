using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Batching;

/// <summary>Writes what waits, kind by kind, for as long as the host runs, and the rest when it stops.</summary>
internal sealed partial class WriteBehindLoop(IEnumerable<IWriteBehind> all, TimeProvider clock, ILogger<WriteBehindLoop> logger) : BackgroundService
{
    private readonly IReadOnlyList<IWriteBehind> _all = [.. all];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_all.Select(one => RunAsync(one, stoppingToken)));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var one in _all)
            await TryAsync(one, one.WriteAsync, cancellationToken);
    }

    private async Task RunAsync(IWriteBehind one, CancellationToken stoppingToken)
    {
        var written = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(one.Options.ShareAfter, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            var isDue = clock.GetElapsedTime(written) >= one.Options.Interval - one.Options.ShareAfter;
            if (isDue)
                written = clock.GetTimestamp();
            await TryAsync(one, isDue ? one.WriteAsync : one.ShareAsync, stoppingToken);
        }
    }

    private async Task TryAsync(IWriteBehind one, Func<CancellationToken, Task> pass, CancellationToken cancellationToken)
    {
        try
        {
            await pass(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops; the last pass is its own.
        }
        // Whatever it was, the rows wait, and the next pass must come.
        catch (Exception failure)
        {
            LogFailed(logger, one.Options.Name, failure.Message);
        }
    }

    [LoggerMessage(1102, LogLevel.Warning, "Writing the rows of {Name} failed and is tried again: {Reason}")]
    private static partial void LogFailed(ILogger logger, string name, string reason);
}
