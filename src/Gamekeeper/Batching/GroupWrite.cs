using Gamekeeper.Transactions;

namespace Gamekeeper.Batching;

/// <summary>
/// Writes many rows as one statement and returns the keys of those really written. The statement is enqueued and not awaited, so that
/// it shares one round trip with BEGIN and COMMIT:
/// <code>
/// (unit, rows, _) => Task.FromResult(unit.Enqueue(new InsertEvents(rows)))
///
/// insert into summoners_grid.match_events (id, match_id, payload)
/// select * from unnest($1::uuid[], $2::uuid[], $3::jsonb[])
/// on conflict (id) do nothing
/// returning id
/// </code>
/// It runs again for parts of the batch when a row breaks it, and for all of it after a serialization failure.
/// </summary>
/// <param name="unit">The transaction of this batch.</param>
/// <param name="rows">At least one row, no two with the same key, in the order in which they came.</param>
/// <param name="cancellationToken">Never cancelled: rows that are on their way cannot be called back.</param>
public delegate Task<Pending<TKey>> GroupWrite<TRow, TKey>(UnitOfWork unit, IReadOnlyList<TRow> rows, CancellationToken cancellationToken);
