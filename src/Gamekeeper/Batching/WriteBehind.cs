using System.Text.Json;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gamekeeper.Batching;

/// <summary>
/// Rows that are accepted at once and written later, many in one statement: for what may be lost, and is said a thousand times where once a
/// while would do. A later row of the same key takes the place of one that waits.
/// <para>
/// A row waits in the memory of its process, and where nodes share a Redis, after a second, there: so it outlives its process and is
/// written by whichever one is next. A row may be written twice (a process that died between the commit and its note of it), so the statement must be
/// safe to repeat. Thread-safe; one for each kind of row and process, and written by the host for as long as it runs.
/// </para>
/// </summary>
/// <typeparam name="TRow">What is written; it has a JSON form.</typeparam>
public sealed partial class WriteBehind<TRow> : IWriteBehind, IDisposable
    where TRow : notnull
{
    // Nobody else writes the same rows meanwhile; should it take longer, they are written twice.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMinutes(1);

    private readonly GameDatabase _database;
    private readonly IWriteBehindQueue _shared;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly WriteBehindDeclaration<TRow> _declared;
    private readonly QueuedRows _waiting;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Guid _self = Guid.CreateVersion7();
    private readonly KeyValuePair<string, object?> _tag;

    internal WriteBehind(GameDatabase database, IWriteBehindQueue shared, WriteBehindDeclaration<TRow> declared, TimeProvider clock, ILogger<WriteBehind<TRow>> logger)
    {
        (_database, _shared, _declared, _clock, _logger) = (database, shared, declared, clock, logger);
        _waiting = new(declared.Options.MaxQueued);
        _tag = new("name", declared.Options.Name);
    }

    /// <inheritdoc />
    WriteBehindOptions IWriteBehind.Options => _declared.Options;

    /// <summary>Rows that wait in the memory of this process.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>
    /// Takes a row over, in no time and without a round trip. False when there is no place for it: it is counted, and the caller leaves it or writes
    /// it otherwise.
    /// </summary>
    /// <exception cref="NotSupportedException">The row has no JSON form.</exception>
    public bool Accept(TRow row)
    {
        var taken = _waiting.TryAdd(new(_declared.KeyOf(row), JsonSerializer.SerializeToUtf8Bytes(row)));
        (taken ? WriteBehindMetrics.Accepted : WriteBehindMetrics.Full).Add(1, _tag);
        return taken;
    }

    /// <summary>Hands what waits in memory to the queue that all processes share, where there is one. The host does so every second.</summary>
    public async Task ShareAsync(CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await ShareInTurnAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Writes what waits, of this process and of others that handed theirs over; how many rows that were. The host does so every interval and when
    /// it stops. Rows that the database refuses are logged and given up; when it is away, all wait for the next time.
    /// </summary>
    /// <exception cref="GamekeeperException">PostgreSQL is away; nothing is lost.</exception>
    public async Task<int> WriteAsync(CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await ShareInTurnAsync();
            var written = _shared.IsUsable ? await WriteSharedAsync() : 0;
            // What the shared queue did not take. What comes meanwhile waits for the next pass: it would be many small ones.
            for (var left = _waiting.Count; left > 0 && _waiting.Peek(Math.Min(left, _declared.Options.MaxBatch)) is { Count: > 0 } rows; left -= rows.Count)
            {
                written += await WriteAsync(rows);
                _waiting.Remove(rows);
            }
            return written;
        }
        catch
        {
            WriteBehindMetrics.Failed.Add(1, _tag);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Writes nothing; what waits was written when the host stopped.</summary>
    public void Dispose() => _turn.Dispose();

    private async Task ShareInTurnAsync()
    {
        try
        {
            for (var left = _waiting.Count; left > 0 && _shared.IsUsable && _waiting.Peek(Math.Min(left, _declared.Options.MaxBatch)) is { Count: > 0 } rows; left -= rows.Count)
            {
                var taken = await _shared.AddAsync(_declared.Options.Name, rows, _declared.Options.MaxQueued);
                _waiting.Remove(rows.Take(taken));
                if (taken < rows.Count)
                    return;
            }
        }
        // They wait here, as without a shared queue.
        catch (IOException failure)
        {
            LogNotShared(_logger, _declared.Options.Name, failure.Message);
        }
    }

    private async Task<int> WriteSharedAsync()
    {
        var (name, written) = (_declared.Options.Name, 0);
        try
        {
            if (!await _shared.TryBeginAsync(name, _self, LongestTurn))
                return 0;
            try
            {
                var started = _clock.GetTimestamp();
                while (_clock.GetElapsedTime(started) < LongestTurn / 2 && await _shared.PeekAsync(name, _declared.Options.MaxBatch) is { Count: > 0 } rows)
                {
                    written += await WriteAsync(rows);
                    await _shared.RemoveAsync(name, rows);
                    if (rows.Count < _declared.Options.MaxBatch)
                        break;
                }
            }
            finally
            {
                await _shared.EndAsync(name, _self);
            }
        }
        catch (IOException failure)
        {
            LogNotShared(_logger, name, failure.Message);
        }
        return written;
    }

    // Returns once each row is written or given up.
    private async Task<int> WriteAsync(IReadOnlyList<QueuedRow> waiting)
    {
        var rows = new List<TRow>(waiting.Count);
        foreach (var row in waiting)
        {
            if (Read(row) is { } read)
                rows.Add(read);
        }
        return rows.Count == 0 ? 0 : await WriteAsync(rows);
    }

    private async Task<int> WriteAsync(List<TRow> rows)
    {
        try
        {
            // Rows that are on their way cannot be called back, so nothing cancels this.
            await _database.WriteAsync(
                _declared.Actor(),
                (unit, ct) =>
                {
                    unit.MarkRepeatable();
                    return _declared.Write(unit, rows, ct);
                },
                CancellationToken.None
            );
            WriteBehindMetrics.Written.Add(rows.Count, _tag);
            return rows.Count;
        }
        catch (Exception failure) when (IsOneRowsFault(failure))
        {
            if (rows.Count > 1)
                return await WriteAsync(rows[..(rows.Count / 2)]) + await WriteAsync(rows[(rows.Count / 2)..]);
            GiveUp(_declared.KeyOf(rows[0]), failure.Message);
            return 0;
        }
    }

    private TRow? Read(QueuedRow row)
    {
        try
        {
            if (JsonSerializer.Deserialize<TRow>(row.Json) is { } read)
                return read;
            GiveUp(row.Key, "it is null");
        }
        // Of another release, whose rows look otherwise.
        catch (JsonException failure)
        {
            GiveUp(row.Key, failure.Message);
        }
        return default;
    }

    private void GiveUp(string key, string reason)
    {
        WriteBehindMetrics.Broken.Add(1, _tag);
        LogBroken(_logger, _declared.Options.Name, key, reason);
    }

    // A value or a constraint: classes 22 and 23. A missing table or right would refuse every row, and is no row's fault.
    private static bool IsOneRowsFault(Exception failure) =>
        failure is PostgresException { SqlState: ['2', '2' or '3', ..] } or ArgumentException or InvalidCastException or OverflowException;

    [LoggerMessage(1100, LogLevel.Error, "A row of {Name} about {Key} was refused and is given up: {Reason}")]
    private static partial void LogBroken(ILogger logger, string name, string key, string reason);

    [LoggerMessage(1101, LogLevel.Warning, "Rows of {Name} could not be handed over or taken from the queue that all nodes share, and wait: {Reason}")]
    private static partial void LogNotShared(ILogger logger, string name, string reason);
}

/// <summary>What the host needs to know of one.</summary>
internal interface IWriteBehind
{
    WriteBehindOptions Options { get; }

    Task ShareAsync(CancellationToken cancellationToken = default);

    Task<int> WriteAsync(CancellationToken cancellationToken = default);
}
