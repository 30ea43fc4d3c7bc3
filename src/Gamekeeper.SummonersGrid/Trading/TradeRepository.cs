using Gamekeeper.Caching;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Trading;

/// <summary>Reads trades. Each verb that changes one stands in its own file.</summary>
public sealed class TradeRepository(GameDatabase database, GameCache cache, CursorKey cursors)
{
    /// <summary>One trade, from PostgreSQL, for those it concerns; null for anyone else, and when there is none.</summary>
    public async Task<Trade?> FindAsync(Actor actor, Guid id, CancellationToken cancellationToken = default) =>
        await database.FirstAsync(new FindTrade(id), cancellationToken) is { } trade
        && (actor.IsTrusted || trade.Concerns(actor.Key))
            ? trade
            : null;

    /// <summary>A player's trades on either side, newest first; the first page of open ones through the cache.</summary>
    /// <param name="player">Whose trades.</param>
    /// <param name="status">Only those that stand so; null for all.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<PageOutcome<Trade>> ByPlayerAsync(
        Guid player,
        TradeStatus? status,
        PageRequest page,
        CancellationToken cancellationToken = default
    )
    {
        var statusText = status?.ToString().ToLowerInvariant();
        var asked = new CursorQuestion("summoners_grid.trades_of_player", PageOrder.Descending, "created_at", "id")
            .Where("player", player)
            .Where("status", statusText);
        var start = page.Start(cursors, asked);
        if (start is CursorReading.Refused refused)
            return new PageOutcome<Trade>.Refused(refused.Refusal);
        var after = (start as CursorReading.Valid)?.Values;
        var rows =
            status == TradeStatus.Pending && after is null
                ? await NewestOpenAsync(player, page.Size.RowsToRead, cancellationToken)
                : await database.ListAsync(
                    new TradesOfPlayer(player, statusText, after?[0].Instant, after?[1].Guid, page.Size.RowsToRead),
                    cancellationToken
                );
        return new PageOutcome<Trade>.Given(Page.From(rows, page.Size, t => Cursor.Write(cursors, asked, t.CreatedAt, t.Id)));
    }

    private async ValueTask<IReadOnlyList<Trade>> NewestOpenAsync(Guid player, int count, CancellationToken cancellationToken)
    {
        var open = await cache.GetAsync(
            SummonersGridCache.Trades,
            player,
            database,
            static async (from, player, ct) =>
                new OpenTrades(await from.ListAsync(new TradesOfPlayer(player, "pending", null, null, OpenTrades.Most), ct)),
            cancellationToken
        );
        return open!.Newest.Count <= count ? open.Newest : [.. open.Newest.Take(count)];
    }
}

/// <summary>Both sides' newest, each from its own index, then the newest of the two together.</summary>
internal sealed record TradesOfPlayer(Guid Player, string? Status, DateTimeOffset? AfterCreated, Guid? AfterId, int Limit)
    : IQuery<TradesOfPlayer, Trade>
{
    public static string Sql =>
        $"""
        select {TradeRow.Columns}
        from (
          (select *
           from summoners_grid.trade_proposals
           where proposer_id = $1
             and ($2::text is null or status = $2)
             and ($3::timestamptz is null or (created_at, id) < ($3, $4))
           -- idx_trade_proposals_proposer
           order by created_at desc, id desc
           limit $5)
          union all
          (select *
           from summoners_grid.trade_proposals
           where target_player_id = $1
             and ($2::text is null or status = $2)
             and ($3::timestamptz is null or (created_at, id) < ($3, $4))
           -- idx_trade_proposals_target
           order by created_at desc, id desc
           limit $5)
        ) t
        order by t.created_at desc, t.id desc
        limit $5
        """;

    public void Bind(StatementParameters parameters) =>
        parameters.Add(Player).AddNullable(Status).AddNullable(AfterCreated).AddNullable(AfterId).Add(Limit);

    public static Trade Read(NpgsqlDataReader row) => TradeRow.Read(row);
}
