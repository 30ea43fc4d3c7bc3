using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>Several operations.</summary>
internal sealed record ReadOperations(Guid[] Ids) : IQuery<ReadOperations, OwnershipOperation>
{
    public static string Sql => $"select {HistoryRow.OperationColumns} from summoners_grid.ownership_operations o where o.id = any ($1)";

    public void Bind(StatementParameters parameters) => parameters.Add(Ids);

    public static OwnershipOperation Read(NpgsqlDataReader row) => HistoryRow.ReadOperation(row, 0);
}

/// <summary>The hashes of all events of several operations.</summary>
internal sealed record ReadSiblings(Guid[] Operations) : IQuery<ReadSiblings, (Guid Operation, byte[] Hash)>
{
    public static string Sql =>
        """
        select h.operation_id, h.signature
        from summoners_grid.ownership_history h
        -- idx_ownership_history_operation
        where h.operation_id = any ($1)
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Operations);

    public static (Guid Operation, byte[] Hash) Read(NpgsqlDataReader row) =>
        (row.GetGuid(0), HistoryRow.ReadSignature(row, 1).Hash);
}

internal static class HistoryRow
{
    public const string EventColumns =
        "h.id, h.card_instance_id, h.position, h.operation_id, h.previous_owner_id, h.new_owner_id, h.transfer_method, "
        + "h.transfer_data::text, h.data_salt, h.previous_hash, h.created_at, h.signature";

    public const int EventColumnCount = 12;

    public const string OperationColumns =
        "o.id, o.sequence, o.kind, o.event_count, o.events_root, o.actor_id, o.actor_kind, o.created_at, o.key_id, o.signature";

    public static OwnershipEvent ReadEvent(NpgsqlDataReader row, int at) =>
        new()
        {
            Id = row.GetGuid(at),
            CardId = row.GetGuid(at + 1),
            Position = row.GetInt32(at + 2),
            OperationId = row.GetGuid(at + 3),
            PreviousOwnerId = row.IsDBNull(at + 4) ? null : row.GetGuid(at + 4),
            NewOwnerId = row.GetGuid(at + 5),
            Method = row.GetString(at + 6),
            Data = row.IsDBNull(at + 7) ? null : row.GetString(at + 7),
            DataSalt = row.IsDBNull(at + 8) ? null : row.GetFieldValue<byte[]>(at + 8),
            PreviousHash = row.IsDBNull(at + 9) ? null : row.GetFieldValue<byte[]>(at + 9),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(at + 10),
            Signature = ReadSignature(row, at + 11),
        };

    public static OwnershipOperation ReadOperation(NpgsqlDataReader row, int at) =>
        new()
        {
            Id = row.GetGuid(at),
            Sequence = row.GetInt64(at + 1),
            Kind = row.GetString(at + 2),
            EventCount = row.GetInt32(at + 3),
            EventsRoot = row.GetFieldValue<byte[]>(at + 4),
            ActorId = row.IsDBNull(at + 5) ? null : row.GetGuid(at + 5),
            ActorKind = row.GetString(at + 6),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(at + 7),
            KeyId = row.GetString(at + 8),
            Signature = row.GetFieldValue<byte[]>(at + 9),
        };

    // An unreadable signature cannot equal any hash; all zeros lets the check name the row like any other altered one.
    public static CardSignature ReadSignature(NpgsqlDataReader row, int column) =>
        CardSignature.TryParse(row.GetString(column), out var signature) ? signature : new CardSignature("unreadable", new byte[32]);
}
