using System.Data;
using Npgsql;

namespace Gamekeeper.Transactions;

/// <summary>
/// Hands out the connection that was used last. Npgsql's pool hands out the one that rested longest: once a peak has opened 32, a single
/// caller goes round 32 server processes, each of which has lost its caches to the others meanwhile, and a collection of 200 cards takes
/// 1.4 times as long. So a few open connections stay here, on top of that pool, which still opens, limits and closes them.
/// <para>
/// What is not certain to be sound never stays: a connection whose work failed goes back to Npgsql, all do once the server was lost, and
/// after a minute in which nobody came they are closed, since a firewall may have forgotten them by then. One that has cooled down while
/// others were used goes back as well and is closed there in time.
/// </para>
/// </summary>
internal sealed class WarmConnections(NpgsqlDataSource source, TimeProvider clock) : IAsyncDisposable
{
    private static readonly int MostKept = 2 * Environment.ProcessorCount;
    private static readonly TimeSpan StaysWarm = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StaysSound = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();

    // The one used last stands last.
    private readonly List<(NpgsqlConnection Connection, long Since)> _kept = [];
    private int _waiting;
    private bool _closed;

    /// <summary>A connection for one caller; waits for one where all that are allowed are in use.</summary>
    public async ValueTask<WarmConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (TryTake(out var stale) is { } kept)
            return new WarmConnection(this, kept);
        try
        {
            if (stale.Count > 0)
            {
                // Npgsql then closes them instead of handing them out again.
                source.Clear();
                await DisposeAsync(stale);
            }
            return new WarmConnection(this, await source.OpenConnectionAsync(cancellationToken));
        }
        finally
        {
            lock (_gate)
                _waiting--;
        }
    }

    /// <summary>Keeps none of those that rest here: the server was lost, and they may be dead without knowing it.</summary>
    public async ValueTask ClearAsync()
    {
        List<NpgsqlConnection> all;
        lock (_gate)
            all = TakeAll();
        await DisposeAsync(all);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
            _closed = true;
        await ClearAsync();
        await source.DisposeAsync();
    }

    /// <summary>Takes a connection back that is open and in no transaction.</summary>
    internal ValueTask KeepAsync(NpgsqlConnection connection)
    {
        var surplus = connection;
        lock (_gate)
        {
            // Whoever waits does so at Npgsql's pool, and found nothing here before: what comes back now is for him.
            if (!_closed && _waiting == 0 && _kept.Count < MostKept && connection.FullState == ConnectionState.Open)
            {
                _kept.Add((connection, clock.GetTimestamp()));
                surplus = TakeCooled();
            }
        }
        return surplus?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    // Null: the caller is counted as waiting. All that are stale are no longer kept and are the caller's to dispose.
    private NpgsqlConnection? TryTake(out List<NpgsqlConnection> stale)
    {
        lock (_gate)
        {
            stale = [];
            if (_kept.Count > 0 && clock.GetElapsedTime(_kept[^1].Since) < StaysSound)
            {
                var last = _kept[^1].Connection;
                _kept.RemoveAt(_kept.Count - 1);
                return last;
            }
            stale = TakeAll();
            _waiting++;
            return null;
        }
    }

    private NpgsqlConnection? TakeCooled()
    {
        var (oldest, since) = _kept[0];
        if (clock.GetElapsedTime(since) < StaysWarm)
            return null;
        _kept.RemoveAt(0);
        return oldest;
    }

    private List<NpgsqlConnection> TakeAll()
    {
        List<NpgsqlConnection> all = [.. _kept.Select(k => k.Connection)];
        _kept.Clear();
        return all;
    }

    private static async ValueTask DisposeAsync(List<NpgsqlConnection> connections)
    {
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }
}

/// <summary>A connection in the hands of one caller. Disposing gives it back: to Npgsql, unless it was said to be sound.</summary>
internal sealed class WarmConnection(WarmConnections home, NpgsqlConnection connection) : IAsyncDisposable
{
    private bool _isSound;

    public NpgsqlConnection Connection => connection;

    /// <summary>States that the work succeeded and left neither a transaction nor anything unread.</summary>
    public void MarkSound() => _isSound = true;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _isSound ? home.KeepAsync(connection) : connection.DisposeAsync();
}
