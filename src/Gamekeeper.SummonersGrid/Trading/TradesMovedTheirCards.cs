using System.Runtime.CompilerServices;
using Gamekeeper.Integrity;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Trading;

/// <summary>A completed trade moved exactly the cards it names, in one operation.</summary>
public sealed class TradesMovedTheirCards(GameDatabase database) : IInvariant
{
    /// <inheritdoc />
    public string Name => "summoners_grid.trades-moved-their-cards";

    /// <inheritdoc />
    public string Promise => "Every completed trade points to the one operation that moved its cards, all of them and no other.";

    /// <inheritdoc />
    public async IAsyncEnumerable<InvariantBreach> CheckAsync(int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var trade in database.StreamAsync(new FindBrokenTrades(limit), cancellationToken))
            yield return new("summoners_grid.trade_proposals", trade.ToString(), "its operation is not a trade of exactly its cards");
    }

    private sealed record FindBrokenTrades(int Limit) : IQuery<FindBrokenTrades, Guid>
    {
        public static string Sql =>
            """
            select t.id
            from summoners_grid.trade_proposals t
            left join summoners_grid.ownership_operations o on o.id = t.operation_id
            where t.status = 'completed'
              and (o.kind is distinct from 'trade'
                or o.event_count <> cardinality(t.offered_cards) + cardinality(t.requested_cards)
                or exists (
                  select
                  from unnest(t.offered_cards || t.requested_cards) as c (id)
                  where not exists (
                    select
                    from summoners_grid.ownership_history h
                    where h.card_instance_id = c.id and h.operation_id = t.operation_id)))
            order by t.id
            limit $1
            """;

        public void Bind(StatementParameters parameters) => parameters.Add(Limit);

        public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
    }
}
