using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Importing;

internal static class ImportRow
{
    public const string Columns = "kind, name, file_hash, chunk_lines, lines, taken, refused, started_at, finished_at";

    public static ImportState Read(NpgsqlDataReader row) =>
        new()
        {
            Kind = row.GetString(0),
            Name = row.GetString(1),
            FileHash = row.GetFieldValue<byte[]>(2),
            ChunkLines = row.GetInt32(3),
            Lines = row.GetInt64(4),
            Taken = row.GetInt64(5),
            Refused = row.GetInt64(6),
            StartedAt = row.GetFieldValue<DateTimeOffset>(7),
            FinishedAt = row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8),
        };
}

internal sealed record BeginImport<TSchema>(string Kind, string Name, byte[] Hash, int ChunkLines) : IStatement<BeginImport<TSchema>>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        insert into {TSchema.Schema}.imports (kind, name, file_hash, chunk_lines)
        values ($1, $2, $3, $4)
        on conflict (kind, name) do nothing
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Kind).Add(Name).Add(Hash).Add(ChunkLines);
}

/// <summary>Locks the import until commit, so that of two that run at once one does a chunk and the other finds it done.</summary>
internal sealed record LockImport<TSchema>(string Kind, string Name) : IQuery<LockImport<TSchema>, ImportState>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"select {ImportRow.Columns} from {TSchema.Schema}.imports where kind = $1 and name = $2 for no key update";

    public void Bind(StatementParameters parameters) => parameters.Add(Kind).Add(Name);

    public static ImportState Read(NpgsqlDataReader row) => ImportRow.Read(row);
}

internal sealed record AdvanceImport<TSchema>(string Kind, string Name, long Lines, int Taken, int Refused)
    : IQuery<AdvanceImport<TSchema>, ImportState>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        update {TSchema.Schema}.imports
        set lines = $3, taken = taken + $4, refused = refused + $5
        where kind = $1 and name = $2
        returning {ImportRow.Columns}
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Kind).Add(Name).Add(Lines).Add(Taken).Add(Refused);

    public static ImportState Read(NpgsqlDataReader row) => ImportRow.Read(row);
}

internal sealed record FinishImport<TSchema>(string Kind, string Name) : IQuery<FinishImport<TSchema>, ImportState>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        update {TSchema.Schema}.imports
        set finished_at = coalesce(finished_at, now())
        where kind = $1 and name = $2
        returning {ImportRow.Columns}
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Kind).Add(Name);

    public static ImportState Read(NpgsqlDataReader row) => ImportRow.Read(row);
}

internal sealed record ListImports<TSchema> : IQuery<ListImports<TSchema>, ImportState>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } = $"select {ImportRow.Columns} from {TSchema.Schema}.imports order by started_at, kind, name";

    public void Bind(StatementParameters parameters) { }

    public static ImportState Read(NpgsqlDataReader row) => ImportRow.Read(row);
}

internal sealed record InsertRefusals<TSchema>(string Kind, string Name, IReadOnlyList<ImportRefusal> Refusals) : IStatement<InsertRefusals<TSchema>>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        insert into {TSchema.Schema}.import_refusals (kind, name, line, position, member, problem, shape)
        select $1, $2, line, row_number() over (partition by line order by ordinal), member, problem, shape
        from unnest($3::bigint[], $4::text[], $5::text[], $6::text[]) with ordinality as r (line, member, problem, shape, ordinal)
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Kind)
            .Add(Name)
            .Add(Refusals.Select(r => r.Line).ToArray())
            .Add(Refusals.Select(r => r.Member).ToArray(), TextArray)
            .Add(Refusals.Select(r => r.Problem).ToArray())
            .Add(Refusals.Select(r => r.Shape).ToArray(), TextArray);

    private const NpgsqlTypes.NpgsqlDbType TextArray = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text;
}

internal sealed record ReadRefusals<TSchema>(string Kind, string Name, long After, long Through) : IQuery<ReadRefusals<TSchema>, ImportRefusal>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        select line, member, problem, shape
        from {TSchema.Schema}.import_refusals
        -- import_refusals_pkey
        where kind = $1 and name = $2 and line > $3 and line <= $4
        order by line, position
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Kind).Add(Name).Add(After).Add(Through);

    public static ImportRefusal Read(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3));
}
