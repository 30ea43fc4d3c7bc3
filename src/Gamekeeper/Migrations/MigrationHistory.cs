using Npgsql;

namespace Gamekeeper.Migrations;

/// <summary>One line of <c>core.migrations</c>.</summary>
internal sealed record HistoryRow(
    string Schema,
    string Name,
    MigrationKind Kind,
    MigrationPhase Phase,
    string? Checksum,
    DateTimeOffset? AppliedAt,
    long? DurationMs,
    string AppliedBy,
    string? Progress,
    long Changed,
    string? Error
)
{
    public bool IsApplied => AppliedAt is not null;
}

/// <summary>
/// Reads and writes <c>core.migrations</c> on the runner's own connection: when the lock on that connection is lost, nothing more can be
/// recorded through it.
/// </summary>
internal static class MigrationHistory
{
    public static async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(connection, cancellationToken))
            return;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var schema = new NpgsqlCommand("create schema if not exists core", connection))
            await schema.ExecuteNonQueryAsync(cancellationToken);
        using var stream = typeof(MigrationHistory).Assembly.GetManifestResourceStream("Gamekeeper.Migrations.history.sql")!;
        using var reader = new StreamReader(stream);
        await using (var table = new NpgsqlCommand(await reader.ReadToEndAsync(cancellationToken), connection))
            await table.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Everything recorded; nothing when the database is empty.</summary>
    public static async Task<IReadOnlyList<HistoryRow>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(connection, cancellationToken))
            return [];
        await using var command = new NpgsqlCommand(
            """
            select schema_name, name, kind, phase, checksum, applied_at, duration_ms, applied_by, progress, changed, error
            from core.migrations
            order by schema_name, name
            """,
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<HistoryRow>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(Read(reader));
        return rows;
    }

    /// <summary>Records the beginning of what cannot be one transaction. Safe to repeat; keeps earlier progress.</summary>
    public static Task StartAsync(NpgsqlConnection connection, HistoryEntry entry, CancellationToken cancellationToken) =>
        ExecuteAsync(
            connection,
            """
            insert into core.migrations (schema_name, name, kind, phase, checksum, applied_by)
            values ($1, $2, $3, $4, $5, current_user || '@' || $6)
            on conflict on constraint migrations_pkey do update set error = null
            """,
            [.. entry.Values, new() { Value = Environment.MachineName }],
            cancellationToken
        );

    /// <summary>Records how far it has come, and how many more rows it has changed.</summary>
    public static Task ProgressAsync(NpgsqlConnection connection, HistoryEntry entry, string? progress, long changed, CancellationToken cancellationToken) =>
        ExecuteAsync(
            connection,
            "update core.migrations set progress = $3, changed = changed + $4, error = null where schema_name = $1 and name = $2",
            [new() { Value = entry.Schema }, new() { Value = entry.Name }, Text(progress), new() { Value = changed }],
            cancellationToken
        );

    /// <summary>Records why it stopped.</summary>
    public static Task FailAsync(NpgsqlConnection connection, HistoryEntry entry, string error, CancellationToken cancellationToken) =>
        ExecuteAsync(
            connection,
            "update core.migrations set error = $3 where schema_name = $1 and name = $2",
            [new() { Value = entry.Schema }, new() { Value = entry.Name }, Text(error)],
            cancellationToken
        );

    /// <summary>Records that it is done; in the migration's own transaction where there is one.</summary>
    public static Task FinishAsync(NpgsqlConnection connection, HistoryEntry entry, TimeSpan duration, CancellationToken cancellationToken) =>
        ExecuteAsync(
            connection,
            """
            insert into core.migrations (schema_name, name, kind, phase, checksum, applied_by, applied_at, duration_ms)
            values ($1, $2, $3, $4, $5, current_user || '@' || $6, clock_timestamp(), $7)
            on conflict on constraint migrations_pkey
            do update set applied_at = excluded.applied_at, duration_ms = excluded.duration_ms, error = null
            """,
            [.. entry.Values, new() { Value = Environment.MachineName }, new() { Value = (long)duration.TotalMilliseconds }],
            cancellationToken
        );

    /// <summary>
    /// Forgets a file that was taken back, and the data migrations after it, which have no way back and must find the schema as they
    /// left it when they run anew.
    /// </summary>
    public static Task ForgetAsync(NpgsqlConnection connection, string schema, string name, CancellationToken cancellationToken) =>
        ExecuteAsync(
            connection,
            "delete from core.migrations where schema_name = $1 and (name = $2 or (kind = 'data' and name > $2 collate \"C\"))",
            [new() { Value = schema }, new() { Value = name }],
            cancellationToken
        );

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select to_regclass('core.migrations') is not null", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        NpgsqlParameter[] parameters,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Text(string? text) =>
        new() { Value = text is null ? DBNull.Value : text, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text };

    private static HistoryRow Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            Enum.Parse<MigrationKind>(row.GetString(2), ignoreCase: true),
            Enum.Parse<MigrationPhase>(row.GetString(3), ignoreCase: true),
            row.IsDBNull(4) ? null : row.GetString(4),
            row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5),
            row.IsDBNull(6) ? null : row.GetInt64(6),
            row.GetString(7),
            row.IsDBNull(8) ? null : row.GetString(8),
            row.GetInt64(9),
            row.IsDBNull(10) ? null : row.GetString(10)
        );
}

/// <summary>What of a migration goes into the history.</summary>
internal sealed record HistoryEntry(string Schema, string Name, MigrationKind Kind, MigrationPhase Phase, string? Checksum)
{
    public NpgsqlParameter[] Values =>
        [
            new() { Value = Schema },
            new() { Value = Name },
            new() { Value = Kind.ToString().ToLowerInvariant() },
            new() { Value = Phase.ToString().ToLowerInvariant() },
            new() { Value = Checksum is null ? DBNull.Value : Checksum, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text },
        ];
}
