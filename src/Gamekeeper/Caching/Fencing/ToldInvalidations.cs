using System.Collections.Concurrent;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Caching.Fencing;

/// <summary>
/// Removes rows of invalidations that everybody knows, many at once and behind the writers' backs. Those that are left over when the
/// process dies are told once more by somebody else, which does no harm.
/// </summary>
internal sealed partial class ToldInvalidations(GameDatabase database, TimeProvider clock, ILogger<ToldInvalidations> logger) : IAsyncDisposable
{
    private const int Bite = 2_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<InvalidationId> _rows = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;

    public void Add(IReadOnlyList<InvalidationId> rows)
    {
        foreach (var row in rows)
            _rows.Enqueue(row);
        lock (_gate)
        {
            if (_running.IsCompleted)
                _running = RemoveAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Task running;
        lock (_gate)
            running = _running;
        await running;
        _ending.Dispose();
    }

    private async Task RemoveAsync()
    {
        do
        {
            await Task.Delay(Pause, clock, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var bite = new List<InvalidationId>();
            while (bite.Count < Bite && _rows.TryDequeue(out var row))
                bite.Add(row);
            try
            {
                await database.FirstAsync(new ForgetWaiting(bite), CancellationToken.None);
            }
            // They stay, and are told again by the relay.
            catch (Exception failure) when (failure is GamekeeperException or Npgsql.NpgsqlException)
            {
                LogNotRemoved(logger, bite.Count, failure.Message);
            }
        } while (!_rows.IsEmpty);
    }

    [LoggerMessage(1020, LogLevel.Warning, "{Rows} invalidations that were told could not be removed and are told again: {Reason}")]
    private static partial void LogNotRemoved(ILogger logger, int rows, string reason);
}
