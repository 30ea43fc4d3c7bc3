using Gamekeeper.Health;

namespace Gamekeeper.Server.Health;

/// <summary>
/// Whether this process can serve. Asked by probes, so the answer is kept for a second and looked up once however many ask.
/// </summary>
internal sealed class Readiness(DatabaseHealth health, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private (long At, DatabaseReport Report)? _last;

    public async Task<DatabaseReport> AskAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && clock.GetElapsedTime(last.At) < Kept)
                return last.Report;
            // Kept for everyone who waits, so the first one's leaving must not end it.
            var report = await health.CheckAsync(CancellationToken.None);
            _last = (clock.GetTimestamp(), report);
            return report;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
