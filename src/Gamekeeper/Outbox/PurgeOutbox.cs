using Gamekeeper.Scheduling;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Outbox;

/// <summary>Removes events that were delivered a week ago; undelivered ones stay however old they are.</summary>
internal sealed class PurgeOutbox(GameDatabase database, ModuleCatalogue modules, TimeProvider clock) : IJob
{
    internal const int Bite = 5_000;

    private static readonly TimeSpan Keep = TimeSpan.FromDays(7);

    public string Name => "core.purge-outbox";

    public string Purpose => "Removes events from every schema's outbox 7 days after they were delivered.";

    public JobSchedule Schedule => new JobSchedule.Daily(new TimeOnly(2, 20));

    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var deleted = 0L;
        foreach (var schema in modules.MigratedSchemas)
        {
            long bite;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                bite = await database.WriteAsync(Actor.System(clock), (unit, ct) => unit.FirstAsync(new DeleteDelivered(schema, Keep), ct), cancellationToken);
                deleted += bite;
            } while (bite == Bite);
        }
        return $"{deleted} delivered events removed";
    }
}

file sealed record DeleteDelivered(string Schema, TimeSpan Keep) : IQuery<DeleteDelivered, long>
{
    public static string Sql => "select core.purge_outbox($1, $2, $3)";

    public void Bind(StatementParameters parameters) => parameters.Add(Schema).Add(Keep).Add(PurgeOutbox.Bite);

    public static long Read(NpgsqlDataReader row) => row.GetInt64(0);
}
