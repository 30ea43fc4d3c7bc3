using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Health;

/// <summary>What a PostgreSQL server says of itself.</summary>
/// <param name="Version">As PostgreSQL counts: 150020 is 15.20.</param>
/// <param name="HasHistory">False on a database that was never migrated.</param>
internal sealed record ServerFacts(int Version, bool HasHistory);

internal sealed record ReadServerFacts : IQuery<ReadServerFacts, ServerFacts>
{
    public static string Sql =>
        "select current_setting('server_version_num')::int, to_regclass('core.migrations') is not null";

    public void Bind(StatementParameters parameters) { }

    public static ServerFacts Read(NpgsqlDataReader row) => new(row.GetInt32(0), row.GetBoolean(1));
}

/// <summary>The monthly tables of these schemas that have no partition for this very moment: what is written to them fails.</summary>
internal sealed record FindMissingPartitions(string[] Schemas) : IQuery<FindMissingPartitions, string>
{
    public static string Sql =>
        """
        select s.name || '.' || t.name
        from unnest($1::text[]) s (name)
        cross join unnest(array['audit_log', 'activity_log']) t (name)
        where to_regclass(format('%I.%I', s.name, t.name || to_char(now() at time zone 'UTC', '_YYYY_MM'))) is null
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Schemas);

    public static string Read(NpgsqlDataReader row) => row.GetString(0);
}

/// <summary>What has been applied to which schema.</summary>
internal sealed record ReadAppliedMigrations : IQuery<ReadAppliedMigrations, (string Schema, string Name)>
{
    public static string Sql => "select schema_name, name from core.migrations where applied_at is not null";

    public void Bind(StatementParameters parameters) { }

    public static (string Schema, string Name) Read(NpgsqlDataReader row) => (row.GetString(0), row.GetString(1));
}
