using Gamekeeper.Outbox;
using Gamekeeper.Scheduling;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Trading;

/// <summary>Ends offers whose time has run out. Accepting checks the time by itself, so a late run lets nothing through.</summary>
public sealed class ExpireTrades(GameDatabase database, TimeProvider clock) : IJob
{
    private const int Bite = 500;

    /// <inheritdoc />
    public string Name => "summoners_grid.expire-trades";

    /// <inheritdoc />
    public string Purpose => "Marks trade proposals past their expiry as expired.";

    /// <inheritdoc />
    public JobSchedule Schedule => new JobSchedule.Every(TimeSpan.FromMinutes(1));

    /// <inheritdoc />
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var expired = 0;
        while (true)
        {
            var bite = await database.WriteAsync(
                Actor.System(clock),
                async (unit, ct) =>
                {
                    var trades = await unit.ListAsync(new ExpireBite(Bite), ct);
                    if (trades.Count > 0)
                        unit.Enqueue(
                            new WriteOutbox<SummonersGridModule>(
                                [.. trades.Select(t => new OutboxEvent("trade.expired", t.ToString(), 1, "{}"))]
                            )
                        );
                    return trades.Count;
                },
                cancellationToken
            );
            expired += bite;
            if (bite < Bite)
                return $"{expired} trades expired";
        }
    }

    // Skips what an acceptance holds at this moment: it decides by itself, and what is left over is found by the next run.
    private sealed record ExpireBite(int Limit) : IQuery<ExpireBite, Guid>
    {
        public static string Sql =>
            """
            update summoners_grid.trade_proposals
            set status = 'expired', cancellation_reason = 'nobody answered in time'
            where id in (
              select id
              from summoners_grid.trade_proposals
              -- idx_trade_proposals_status_expires
              where status = 'pending' and expires_at <= now()
              order by expires_at
              limit $1
              for update skip locked)
            returning id
            """;

        public void Bind(StatementParameters parameters) => parameters.Add(Limit);

        public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
    }
}
