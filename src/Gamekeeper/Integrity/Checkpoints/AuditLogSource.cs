using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>The row audit of a schema. A row's hash is over all its columns, both images included.</summary>
internal sealed class AuditLogSource<TSchema>(GameDatabase database) : ICheckpointSource
    where TSchema : ISchemaOwner
{
    public string Name { get; } = $"{TSchema.Schema}.audit_log";

    public IAsyncEnumerable<CheckpointLeaf> ReadAsync(long after, long through, long? limit, CancellationToken cancellationToken) =>
        database.StreamAsync(new ReadAuditLeaves<TSchema>(after, through, limit), cancellationToken);

    public Task<IReadOnlyList<string>> WritersAsync(CancellationToken cancellationToken) =>
        database.ListAsync(new FindAuditWriters<TSchema>(), cancellationToken);
}

/// <summary>
/// Walks audit_log_pkey of every partition at once. jsonb has one spelling for a document, and the microseconds are the whole instant: so
/// the text is the same whatever the session's settings are.
/// </summary>
internal sealed record ReadAuditLeaves<TSchema>(long After, long Through, long? Limit) : IQuery<ReadAuditLeaves<TSchema>, CheckpointLeaf>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        select id, sha256(convert_to(jsonb_build_array(
          id, (extract(epoch from created_at) * 1000000)::bigint, table_name, record_id, action, old_values, new_values, user_id, actor_kind, request_id)::text, 'UTF8'))
        from {TSchema.Schema}.audit_log
        where id > $1 and id <= $2
        order by id, created_at
        limit $3
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(After).Add(Through).AddNullable(Limit);

    public static CheckpointLeaf Read(NpgsqlDataReader row)
    {
        var id = row.GetInt64(0);
        return new(id, id.ToString(System.Globalization.CultureInfo.InvariantCulture), row.GetFieldValue<byte[]>(1));
    }
}

/// <summary>Whoever has taken a number holds this lock until its transaction ends, with a transaction id of its own or not yet.</summary>
internal sealed record FindAuditWriters<TSchema> : IQuery<FindAuditWriters<TSchema>, string>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        select distinct virtualtransaction
        from pg_locks
        where locktype = 'relation'
          and database = (select oid from pg_database where datname = current_database())
          and relation = pg_get_serial_sequence('{TSchema.Schema}.audit_log', 'id')::regclass
          and mode = 'RowExclusiveLock'
        order by 1
        """;

    public void Bind(StatementParameters parameters) { }

    public static string Read(NpgsqlDataReader row) => row.GetString(0);
}
