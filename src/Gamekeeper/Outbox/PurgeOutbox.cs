using Gamekeeper.Scheduling;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Outbox;

/// <summary>
/// Removes events that were delivered a week ago. The core's undelivered ones stay however old they are: its relay will deliver them.
/// A game's events have no subscriber yet, so those go after a month, or its outbox would only grow.
/// </summary>
internal sealed class PurgeOutbox(GameDatabase database, ModuleCatalogue modules, TimeProvider clock) : IJob
{
    internal const int Bite = 5_000;

    private static readonly TimeSpan Keep = TimeSpan.FromDays(7);
    private static readonly TimeSpan KeepWithoutSubscriber = TimeSpan.FromDays(30);

    public string Name => "core.purge-outbox";

    public string Purpose => "Removes events from every schema's outbox 7 days after they were delivered, and a game's undelivered ones after 30.";

    public JobSchedule Schedule => new JobSchedule.Daily(new TimeOnly(2, 20));

    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var deleted = 0L;
        foreach (var schema in modules.MigratedSchemas)
        {
            TimeSpan? undelivered = schema == CoreSchema.Schema ? null : KeepWithoutSubscriber;
            long bite;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                bite = await database.WriteAsync(Actor.System(clock), (unit, ct) => unit.FirstAsync(new DeleteOld(schema, Keep, undelivered), ct), cancellationToken);
                deleted += bite;
            } while (bite >= Bite);
        }
        return $"{deleted} events removed";
    }
}

file sealed record DeleteOld(string Schema, TimeSpan Keep, TimeSpan? KeepUndelivered) : IQuery<DeleteOld, long>
{
    public static string Sql => "select core.purge_outbox($1, $2, $3, $4)";

    public void Bind(StatementParameters parameters) => parameters.Add(Schema).Add(Keep).AddNullable(KeepUndelivered).Add(PurgeOutbox.Bite);

    public static long Read(NpgsqlDataReader row) => row.GetInt64(0);
}
