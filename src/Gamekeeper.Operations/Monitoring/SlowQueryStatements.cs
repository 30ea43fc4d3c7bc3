using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Operations.Monitoring;

/// <summary>Whether PostgreSQL measures statements and lets itself be asked.</summary>
internal sealed record StatementStatistics(bool IsPreloaded, bool IsCreated, bool IsMigrated, bool MayAsk, bool OwnerMayRead)
{
    /// <summary>The first thing that is wrong, and what to do; null when nothing is.</summary>
    public string? Problem =>
        !IsPreloaded ? "PostgreSQL does not measure statements: add pg_stat_statements to shared_preload_libraries, restart the server and provision the database again (gamekeeper provision)."
        : !IsCreated ? "PostgreSQL measures statements, but the extension pg_stat_statements is not in this database: provision it again (gamekeeper provision)."
        : !IsMigrated ? "The function that reads pg_stat_statements is missing: run gamekeeper migrate up."
        : !MayAsk ? "This role may not ask for slow statements: enter as gamekeeper_app, gamekeeper_readonly or gamekeeper_auditor."
        : !OwnerMayRead ? "gamekeeper_owner may not read pg_stat_statements: provision the database again (gamekeeper provision), or grant it pg_read_all_stats."
        : null;
}

internal sealed record ReadStatementStatistics : IQuery<ReadStatementStatistics, StatementStatistics>
{
    // shared_preload_libraries itself is shown to few roles; that the library is loaded shows in the settings it brings.
    public static string Sql =>
        """
        select
          exists (select from pg_settings where name = 'pg_stat_statements.max'),
          exists (select from pg_extension where extname = 'pg_stat_statements'),
          p.oid is not null,
          coalesce(has_function_privilege(p.oid, 'execute'), false),
          coalesce(pg_has_role(p.proowner, 'pg_read_all_stats', 'usage'), false)
        from (select to_regprocedure('core.slow_statements(double precision, integer)') as oid) f
        left join pg_proc p on p.oid = f.oid
        """;

    public void Bind(StatementParameters parameters) { }

    public static StatementStatistics Read(NpgsqlDataReader row) =>
        new(row.GetBoolean(0), row.GetBoolean(1), row.GetBoolean(2), row.GetBoolean(3), row.GetBoolean(4));
}

internal sealed record CountedStatement(SlowQuery Statement, DateTimeOffset? Since);

internal sealed record ReadSlowStatements(double MinMeanMs, int Most) : IQuery<ReadSlowStatements, CountedStatement>
{
    // PostgreSQL forgets texts when their file becomes too large or cannot be written, and keeps the figures.
    public static string Sql => "select coalesce(query, '…'), calls, total_time, mean_time, row_count, since from core.slow_statements($1, $2)";

    public void Bind(StatementParameters parameters) => parameters.Add(MinMeanMs).Add(Most);

    public static CountedStatement Read(NpgsqlDataReader row) =>
        new(
            new SlowQuery(row.GetString(0), row.GetInt64(1), Math.Round(row.GetDouble(2), 3), Math.Round(row.GetDouble(3), 3), row.GetInt64(4)),
            row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5)
        );
}
