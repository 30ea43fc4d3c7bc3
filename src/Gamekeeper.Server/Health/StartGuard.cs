using Gamekeeper.Health;
using Gamekeeper.Integrity;
using Npgsql;

namespace Gamekeeper.Server.Health;

/// <summary>
/// Waits for the database at the start, however long it takes, and says when it is there. One on which nothing will ever work ends the
/// process, and the message says what is needed: a PostgreSQL that is too old, or data that another master key protects.
/// </summary>
internal sealed partial class StartGuard(
    Readiness readiness,
    SigningKeyRing keys,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<StartGuard> logger
) : BackgroundService
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
                await EndAsync(stoppingToken);
                return;
            }
            if (report.IsReady)
            {
                if (await ForeignDataAsync(stoppingToken) is { } problem)
                {
                    LogForeignData(logger, problem);
                    await EndAsync(stoppingToken);
                    return;
                }
                LogReady(logger, report.ServerVersion / 10000);
                return;
            }
            if (!told)
                LogWaiting(logger, report.Parts.First(p => !p.IsHealthy).Problem);
            told = true;
            await Task.Delay(Between, clock, stoppingToken);
        }
    }

    private async Task<string?> ForeignDataAsync(CancellationToken stoppingToken)
    {
        try
        {
            await keys.ActiveAsync(stoppingToken);
            return null;
        }
        catch (GamekeeperException unknown) when (unknown.Code == "privacy.master-key-unknown")
        {
            return unknown.Message;
        }
        // Whatever else keeps it from signing may pass, and is told to whoever wants something signed.
        catch (Exception other) when (other is GamekeeperException or NpgsqlException or TimeoutException or IOException)
        {
            return null;
        }
    }

    private async Task EndAsync(CancellationToken stoppingToken)
    {
        Environment.ExitCode = 2;
        // A host that is stopped while it still starts throws, and the process would end as if it had crashed.
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        lifetime.StopApplication();
    }

    [LoggerMessage(910, LogLevel.Information, "Serving from PostgreSQL {Major}")]
    private static partial void LogReady(ILogger logger, int? major);

    [LoggerMessage(911, LogLevel.Warning, "Not ready yet: {Problem} Requests are answered with 503 until then")]
    private static partial void LogWaiting(ILogger logger, string? problem);

    [LoggerMessage(912, LogLevel.Critical, "PostgreSQL {Major} is too old: {Oldest} or newer is needed")]
    private static partial void LogTooOld(ILogger logger, int major, int oldest);

    [LoggerMessage(913, LogLevel.Critical, "This is not the database of this master key. {Problem}")]
    private static partial void LogForeignData(ILogger logger, string problem);
}
