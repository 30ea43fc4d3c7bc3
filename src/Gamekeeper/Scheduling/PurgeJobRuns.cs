using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Scheduling;

/// <summary>Removes the history of periodic work after a quarter.</summary>
internal sealed class PurgeJobRuns(GameDatabase database, TimeProvider clock) : IJob
{
    internal const int Bite = 5_000;

    public string Name => "core.purge-job-runs";

    public string Purpose => "Removes the history of periodic work after 90 days.";

    public JobSchedule Schedule => new JobSchedule.Daily(new TimeOnly(2, 40));

    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var deleted = 0;
        int bite;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = await database.WriteAsync(Actor.System(clock), (unit, ct) => unit.ListAsync(new DeleteOldRuns(), ct), cancellationToken);
            bite = rows.Count;
            deleted += bite;
        } while (bite == Bite);
        return $"{deleted} runs removed";
    }
}

file sealed record DeleteOldRuns : IQuery<DeleteOldRuns, long>
{
    public static string Sql =>
        $"""
        delete from core.job_runs
        where id in (
          select id
          from core.job_runs
          where started_at < now() - interval '90 days'
            and ended_at is not null
          order by started_at
          limit {PurgeJobRuns.Bite})
        returning id
        """;

    public void Bind(StatementParameters parameters) { }

    public static long Read(NpgsqlDataReader row) => row.GetInt64(0);
}
