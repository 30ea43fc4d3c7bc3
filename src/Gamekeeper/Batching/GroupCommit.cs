using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Batching;

/// <summary>
/// Many concurrent writers, one multi-row statement, one commit. What arrives while a commit is under way forms the next batch, so
/// there is no delay to tune: alone a row is written at once, and under load a commit carries hundreds. Every writer awaits the
/// durable acknowledgement of its own row, exactly as if it had committed alone.
/// <para>
/// Rows go through lanes, a connection each; rows with the same key of order share a lane and are written in the order of their
/// arrival. When a row breaks its batch, the batch is halved until the row stands alone: its writer gets the error, all others are
/// acknowledged. Thread-safe; one for each kind of row and process.
/// </para>
/// </summary>
/// <typeparam name="TRow">What is written.</typeparam>
/// <typeparam name="TKey">What identifies a row among those of a batch: the key that the statement returns.</typeparam>
public sealed class GroupCommit<TRow, TKey> : IAsyncDisposable
    where TKey : notnull
{
    private static readonly Task<GroupCommitOutcome> Written = Task.FromResult<GroupCommitOutcome>(new GroupCommitOutcome.Written());
    private static readonly Task<GroupCommitOutcome> NotWritten = Task.FromResult<GroupCommitOutcome>(new GroupCommitOutcome.NotWritten());

    private readonly GameDatabase _database;
    private readonly TimeProvider _clock;
    private readonly Func<Actor> _actor;
    private readonly GroupWrite<TRow, TKey> _write;
    private readonly Func<TRow, TKey> _keyOf;
    private readonly Func<TRow, int> _orderOf;
    private readonly GroupCommitOptions _options;
    private readonly GroupCommitQueue<TRow, TKey> _queue;
    private readonly KeyValuePair<string, object?> _tag;

    /// <summary>Prepares the lanes; nothing is opened before the first row.</summary>
    /// <param name="database">Where rows are written.</param>
    /// <param name="clock">Measures waits.</param>
    /// <param name="actor">Who writes a batch, such as <c>() => Actor.System(clock)</c>; asked once for each commit.</param>
    /// <param name="write">The statement.</param>
    /// <param name="keyOf">The key of a row, as the statement returns it.</param>
    /// <param name="options">Sizes and name.</param>
    /// <param name="orderOf">Hash code of what must keep its order, such as the match's id; null orders by the row's own key.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public GroupCommit(
        GameDatabase database,
        TimeProvider clock,
        Func<Actor> actor,
        GroupWrite<TRow, TKey> write,
        Func<TRow, TKey> keyOf,
        GroupCommitOptions options,
        Func<TRow, int>? orderOf = null
    )
    {
        if (options.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        (_database, _clock, _actor, _write, _keyOf, _options) = (database, clock, actor, write, keyOf, options);
        _orderOf = orderOf ?? (row => keyOf(row).GetHashCode());
        _queue = new(options.Lanes, options.MaxQueued, options.MaxBatch);
        _tag = new("name", options.Name);
    }

    /// <summary>Writes a row and returns once it is durable.</summary>
    /// <param name="row">The row.</param>
    /// <param name="cancellationToken">Takes the row out while it waits. Once it has been sent it cannot be called back.</param>
    /// <exception cref="PostgresException">The database refused this row.</exception>
    /// <exception cref="GamekeeperException"><c>transactions.outcome-unknown</c> or <c>transactions.unavailable</c>, as in GameDatabase.WriteAsync.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the row was sent; nothing was written.</exception>
    /// <exception cref="ObjectDisposedException">No rows are taken any more.</exception>
    public async Task<GroupCommitOutcome> WriteAsync(TRow row, CancellationToken cancellationToken = default) =>
        await OutcomeAsync(Add(row, cancellationToken), cancellationToken);

    /// <summary>
    /// Hands a row over and returns once it has a place in the queue, so that a producer of many rows is slowed to what the database
    /// carries; the inner task is the acknowledgement, with the same errors as <see cref="WriteAsync"/>.
    /// </summary>
    public async Task<Task<GroupCommitOutcome>> EnqueueAsync(TRow row, CancellationToken cancellationToken = default)
    {
        var entry = Add(row, cancellationToken);
        var outcome = OutcomeAsync(entry, cancellationToken);
        await entry.Place;
        return outcome;
    }

    /// <summary>Takes no more rows and returns once those that were taken have their answer.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _queue.Drained;
    }

    private GroupCommitEntry<TRow, TKey> Add(TRow row, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var lane = (int)((uint)_orderOf(row) % (uint)_options.Lanes);
        var entry = new GroupCommitEntry<TRow, TKey>(row, _keyOf(row), lane, _clock.GetTimestamp());
        var toRun = _queue.Add(entry);
        GroupCommitMetrics.Queued.Add(1, _tag);
        Run(toRun);
        return entry;
    }

    private Task<GroupCommitOutcome> OutcomeAsync(GroupCommitEntry<TRow, TKey> entry, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? CancellableAsync(entry, cancellationToken) : entry.Outcome;

    private async Task<GroupCommitOutcome> CancellableAsync(GroupCommitEntry<TRow, TKey> entry, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister((_, token) => Cancel(entry, token), state: null);
        return await entry.Outcome;
    }

    private void Cancel(GroupCommitEntry<TRow, TKey> entry, CancellationToken cancellationToken)
    {
        if (!_queue.Remove(entry, out var toRun))
            return;
        GroupCommitMetrics.Queued.Add(-1, _tag);
        entry.Cancel(cancellationToken);
        Run(toRun);
    }

    private void Run(List<int> lanes)
    {
        foreach (var lane in lanes)
            _ = Task.Run(() => RunLaneAsync(lane));
    }

    private async Task RunLaneAsync(int lane)
    {
        while (true)
        {
            var batch = _queue.Take(lane, out var toRun);
            Run(toRun);
            if (batch.Count == 0)
                return;
            GroupCommitMetrics.Queued.Add(-batch.Count, _tag);
            foreach (var entry in batch)
                GroupCommitMetrics.Wait.Record(_clock.GetElapsedTime(entry.Since).TotalSeconds, _tag);
            await CommitAsync(batch);
            // Behind the writers who were just answered: who writes again at once is in the next batch. Without it a lane left with the
            // first of them and the others waited for a whole commit: batches held half as many rows, and throughput was 0.7.
            await Task.Yield();
        }
    }

    private async Task CommitAsync(List<GroupCommitEntry<TRow, TKey>> batch)
    {
        var committed = false;
        try
        {
            // Rows that are on their way cannot be called back, so nothing cancels this.
            var written = await _database.WriteAsync(
                _actor(),
                (unit, ct) =>
                {
                    unit.AfterCommit(_ =>
                    {
                        committed = true;
                        return Task.CompletedTask;
                    });
                    if (_options.IsRepeatable)
                        unit.MarkRepeatable();
                    return _write(unit, [.. batch.Select(e => e.Row)], ct);
                },
                CancellationToken.None
            );
            Acknowledge(batch, written.Rows);
            GroupCommitMetrics.BatchRows.Record(batch.Count, _tag);
        }
        catch (Exception failure) when (batch.Count > 1 && !committed && MayBeOneRowsFault(failure))
        {
            GroupCommitMetrics.Split.Add(1, _tag);
            var half = batch.Count / 2;
            await CommitAsync(batch[..half]);
            await CommitAsync(batch[half..]);
        }
        catch (Exception failure)
        {
            foreach (var entry in batch)
                entry.Answer(Task.FromException<GroupCommitOutcome>(failure));
        }
    }

    // Only a key that came back answers for its row: what the statement passed over was not written.
    private static void Acknowledge(List<GroupCommitEntry<TRow, TKey>> batch, IReadOnlyList<TKey> written)
    {
        var byKey = batch.ToDictionary(e => e.Key);
        foreach (var key in written)
        {
            if (!byKey.ContainsKey(key))
                throw new InvalidOperationException($"The statement returned the key {key}, which is not of this batch; the batch is committed.");
        }
        foreach (var key in written)
        {
            if (byKey.Remove(key, out var entry))
                entry.Answer(Written);
        }
        foreach (var entry in byKey.Values)
            entry.Answer(NotWritten);
    }

    // The server refused the statement and kept nothing, or the driver could not even spell a value. Trouble that halving cannot
    // cure (a lost server, no space, no memory) goes to all writers of the batch.
    private static bool MayBeOneRowsFault(Exception failure) =>
        failure is PostgresException { IsTransient: false } or ArgumentException or InvalidCastException or OverflowException;
}
