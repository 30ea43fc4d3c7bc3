using Gamekeeper.Scheduling;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Auditing;

/// <summary>Keeps the monthly partitions of every schema's logs ahead of time: a missing one would fail what it should have recorded.</summary>
internal sealed class MakePartitions(GameDatabase database, ModuleCatalogue modules, TimeProvider clock) : IJob
{
    private const int MonthsAhead = 3;

    public string Name => "core.make-partitions";

    public string Purpose => "Makes the audit and activity partitions of the next three months in every schema.";

    public JobSchedule Schedule => new JobSchedule.Daily(new TimeOnly(1, 10));

    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var made = 0L;
        var schemas = modules.MigratedSchemas;
        foreach (var schema in schemas)
        {
            made += await database.WriteAsync(
                Actor.System(clock),
                (unit, ct) => unit.FirstAsync(new MakeMonths(schema, MonthsAhead), ct),
                cancellationToken
            );
        }
        return $"{made} partitions made, {MonthsAhead} months ahead in {schemas.Count} schemas";
    }
}

file sealed record MakeMonths(string Schema, int MonthsAhead) : IQuery<MakeMonths, long>
{
    // The table is locked for a moment while a partition joins it, and nothing is locked when there is none to make.
    public static string Sql => "select sum(core.make_partitions($1, log, $2)) from unnest(array['audit_log', 'activity_log']) as logs (log)";

    public void Bind(StatementParameters parameters) => parameters.Add(Schema).Add(MonthsAhead);

    public static long Read(NpgsqlDataReader row) => row.GetInt64(0);
}
