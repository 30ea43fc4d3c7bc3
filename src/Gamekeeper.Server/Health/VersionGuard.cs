using Gamekeeper.Health;

namespace Gamekeeper.Server.Health;

/// <summary>
/// Waits for the database at the start, however long it takes, and says when it is there. A server that is too old ends the process:
/// nothing on it will ever work, and the message says which version is needed.
/// </summary>
internal sealed partial class VersionGuard(Readiness readiness, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<VersionGuard> logger)
    : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var told = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var report = await readiness.AskAsync(stoppingToken);
            if (report.ServerVersion is { } version && !DatabaseHealth.IsSupported(version))
            {
                LogTooOld(logger, version / 10000, DatabaseHealth.OldestVersion);
                Environment.ExitCode = 2;
                // A host that is stopped while it still starts throws, and the process would end as if it had crashed.
                await StartedAsync(stoppingToken);
                lifetime.StopApplication();
                return;
            }
            if (report.IsReady)
            {
                LogReady(logger, report.ServerVersion / 10000);
                return;
            }
            if (!told)
                LogWaiting(logger, report.Parts.First(p => !p.IsHealthy).Problem);
            told = true;
            await Task.Delay(Between, clock, stoppingToken);
        }
    }

    private async Task StartedAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
    }

    [LoggerMessage(910, LogLevel.Information, "Serving from PostgreSQL {Major}")]
    private static partial void LogReady(ILogger logger, int? major);

    [LoggerMessage(911, LogLevel.Warning, "Not ready yet: {Problem} Requests are answered with 503 until then")]
    private static partial void LogWaiting(ILogger logger, string? problem);

    [LoggerMessage(912, LogLevel.Critical, "PostgreSQL {Major} is too old: {Oldest} or newer is needed")]
    private static partial void LogTooOld(ILogger logger, int major, int oldest);
}
