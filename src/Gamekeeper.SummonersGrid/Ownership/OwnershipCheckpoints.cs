using System.Security.Cryptography;
using Gamekeeper.Integrity.Checkpoints;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>Signed operations, by their sequence. A row's hash is over all that was signed, and the signature.</summary>
internal sealed class OwnershipOperationsSource(GameDatabase database) : ICheckpointSource
{
    public string Name => "summoners_grid.ownership_operations";

    public IAsyncEnumerable<CheckpointLeaf> ReadAsync(long after, long through, long? limit, CancellationToken cancellationToken) =>
        database.StreamAsync(new ReadOperationLeaves(after, through, limit), cancellationToken);

    public Task<IReadOnlyList<string>> WritersAsync(CancellationToken cancellationToken) =>
        database.ListAsync(new FindOwnershipWriters(), cancellationToken);
}

/// <summary>Events, by the sequence of their operation. A row's hash is the one that its signature carries; verification of chains holds it against the row.</summary>
internal sealed class OwnershipHistorySource(GameDatabase database) : ICheckpointSource
{
    public string Name => "summoners_grid.ownership_history";

    public IAsyncEnumerable<CheckpointLeaf> ReadAsync(long after, long through, long? limit, CancellationToken cancellationToken) =>
        database.StreamAsync(new ReadEventLeaves(after, through, limit), cancellationToken);

    public Task<IReadOnlyList<string>> WritersAsync(CancellationToken cancellationToken) =>
        database.ListAsync(new FindOwnershipWriters(), cancellationToken);
}

/// <summary>Leans on ownership_operations_sequence_key.</summary>
internal sealed record ReadOperationLeaves(long After, long Through, long? Limit) : IQuery<ReadOperationLeaves, CheckpointLeaf>
{
    public static string Sql =>
        $"""
        select {HistoryRow.OperationColumns}
        from summoners_grid.ownership_operations o
        where o.sequence > $1 and o.sequence <= $2
        order by o.sequence
        limit $3
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(After).Add(Through).AddNullable(Limit);

    public static CheckpointLeaf Read(NpgsqlDataReader row)
    {
        var operation = HistoryRow.ReadOperation(row, 0);
        return new(operation.Sequence, operation.Id.ToString(), SHA256.HashData([.. OwnershipFormat.OperationBytes(operation), .. operation.Signature]));
    }
}

/// <summary>Walks ownership_operations_sequence_key, and idx_ownership_history_operation for each.</summary>
internal sealed record ReadEventLeaves(long After, long Through, long? Limit) : IQuery<ReadEventLeaves, CheckpointLeaf>
{
    public static string Sql =>
        """
        select o.sequence, h.card_instance_id, h.position, h.signature
        from summoners_grid.ownership_operations o
        join summoners_grid.ownership_history h on h.operation_id = o.id
        where o.sequence > $1 and o.sequence <= $2
        order by o.sequence, h.card_instance_id, h.position
        limit $3
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(After).Add(Through).AddNullable(Limit);

    public static CheckpointLeaf Read(NpgsqlDataReader row) =>
        new(row.GetInt64(0), $"{row.GetGuid(1)}/{row.GetInt32(2)}", HistoryRow.ReadSignature(row, 3).Hash);
}

/// <summary>Whoever has taken a sequence number holds this lock until its transaction ends.</summary>
internal sealed record FindOwnershipWriters : IQuery<FindOwnershipWriters, string>
{
    public static string Sql =>
        """
        select distinct virtualtransaction
        from pg_locks
        where locktype = 'relation'
          and database = (select oid from pg_database where datname = current_database())
          and relation = 'summoners_grid.ownership_sequence'::regclass
          and mode = 'RowExclusiveLock'
        order by 1
        """;

    public void Bind(StatementParameters parameters) { }

    public static string Read(NpgsqlDataReader row) => row.GetString(0);
}
