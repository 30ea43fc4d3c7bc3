using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Caching.Fencing;

/// <summary>What PostgreSQL says of the epoch and of who holds a lease.</summary>
internal sealed record Standing(Epoch Epoch, bool Joined, IReadOnlyList<Guid> Others)
{
    public const string Columns = "number, name, cluster, redis_run_id, joined, members";

    public static Standing Read(NpgsqlDataReader row) =>
        new(
            new Epoch(row.GetInt64(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3)),
            row.GetBoolean(4),
            row.GetFieldValue<Guid[]>(5)
        );
}

/// <summary>A lease from now on; joins when there was none.</summary>
internal sealed record RenewLease(Guid Node, string Name, long Adopted, TimeSpan Lease) : IQuery<RenewLease, Standing>
{
    public static string Sql => $"select {Standing.Columns} from core.renew_cache_lease($1, $2, $3, $4)";

    public void Bind(StatementParameters parameters) => parameters.Add(Node).Add(Name).Add(Adopted).Add(Lease);

    public static Standing Read(NpgsqlDataReader row) => Standing.Read(row);
}

/// <summary>The same without a lease.</summary>
internal sealed record ReadMembers(Guid Node) : IQuery<ReadMembers, Standing>
{
    public static string Sql => $"select {Standing.Columns} from core.read_cache_members($1)";

    public void Bind(StatementParameters parameters) => parameters.Add(Node);

    public static Standing Read(NpgsqlDataReader row) => Standing.Read(row);
}

/// <summary>Gives the lease back.</summary>
internal sealed record LeaveCache(Guid Node) : IQuery<LeaveCache, bool>
{
    public static string Sql => "select core.leave_cache($1) is null";

    public void Bind(StatementParameters parameters) => parameters.Add(Node);

    public static bool Read(NpgsqlDataReader row) => row.GetBoolean(0);
}

/// <summary>A new epoch; its number.</summary>
internal sealed record RaiseEpoch(string? RunId, string Reason) : IQuery<RaiseEpoch, long>
{
    public static string Sql => "select number from core.raise_cache_epoch($1, $2)";

    public void Bind(StatementParameters parameters) => parameters.AddNullable(RunId).Add(Reason);

    public static long Read(NpgsqlDataReader row) => row.GetInt64(0);
}

/// <summary>Nodes that may still answer with values of an earlier epoch.</summary>
internal sealed record FindStragglers(Guid Node, long Number) : IQuery<FindStragglers, Guid[]>
{
    public static string Sql => "select core.cache_stragglers($1, $2)";

    public void Bind(StatementParameters parameters) => parameters.Add(Node).Add(Number);

    public static Guid[] Read(NpgsqlDataReader row) => row.GetFieldValue<Guid[]>(0);
}

/// <summary>Writes that nobody has told of yet, oldest first in each schema.</summary>
internal sealed record FindWaiting(TimeSpan OlderThan, int Most) : IQuery<FindWaiting, WaitingRow>
{
    public static string Sql => "select schema_name, id, keys from core.waiting_invalidations($1, $2)";

    public void Bind(StatementParameters parameters) => parameters.Add(OlderThan).Add(Most);

    public static WaitingRow Read(NpgsqlDataReader row) => new(new(row.GetString(0), row.GetInt64(1)), row.GetFieldValue<string[]>(2));
}

/// <summary>Removes what everybody knows.</summary>
internal sealed record ForgetWaiting(IReadOnlyList<InvalidationId> Rows) : IQuery<ForgetWaiting, bool>
{
    public static string Sql => "select core.forget_invalidations($1, $2) is null";

    public void Bind(StatementParameters parameters) =>
        parameters.Add(Rows.Select(r => r.Schema).ToArray()).Add(Rows.Select(r => r.Id).ToArray());

    public static bool Read(NpgsqlDataReader row) => row.GetBoolean(0);
}

/// <summary>One row of a schema's invalidations.</summary>
internal readonly record struct InvalidationId(string Schema, long Id);

/// <summary>The row with what it makes old.</summary>
internal sealed record WaitingRow(InvalidationId Row, string[] Keys);
