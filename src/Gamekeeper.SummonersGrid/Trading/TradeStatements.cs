using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Trading;

/// <summary>Holds both parties of a trade, in id order.</summary>
internal sealed record HoldParties(Guid Trade) : IQuery<HoldParties, HeldPlayer>
{
    public static string Sql =>
        """
        select id, is_active, frozen_at is not null
        from summoners_grid.users
        where id in (
          select unnest(array[proposer_id, target_player_id])
          from summoners_grid.trade_proposals
          where id = $1)
        order by id
        for share
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Trade);

    public static HeldPlayer Read(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetBoolean(1), row.GetBoolean(2));
}

/// <summary>Locks every card of a trade, in id order. A proposal's cards never change, so reading them needs no lock.</summary>
internal sealed record LockTradeCards(Guid Trade) : IQuery<LockTradeCards, LockedCard>
{
    public static string Sql =>
        """
        select id, owner_id, events, signature, frozen_at is not null
        from summoners_grid.card_instances
        where id in (
          select unnest(offered_cards || requested_cards)
          from summoners_grid.trade_proposals
          where id = $1)
        order by id
        for update
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Trade);

    public static LockedCard Read(NpgsqlDataReader row) => CardRow.ReadLocked(row);
}

/// <summary>
/// Locks a trade and every open proposal that names one of its cards, in id order. Those that ended while this waited come back with
/// the status they have now.
/// </summary>
internal sealed record LockTradeAndRivals(Guid Trade) : IQuery<LockTradeAndRivals, Trade>
{
    public static string Sql =>
        $"""
        select {TradeRow.Columns}
        from summoners_grid.trade_proposals t
        where id = any (array(
          select $1
          union
          select r.id
          from summoners_grid.trade_proposals r
          where r.status = 'pending'
            -- idx_trade_proposals_open_cards
            and (r.offered_cards || r.requested_cards) && array(
              select unnest(o.offered_cards || o.requested_cards) from summoners_grid.trade_proposals o where o.id = $1)))
        order by id
        for update
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Trade);

    public static Trade Read(NpgsqlDataReader row) => TradeRow.Read(row);
}

/// <summary>Locks every open proposal that names one of these cards, in id order.</summary>
internal sealed record LockProposalsOf(Guid[] Cards) : IQuery<LockProposalsOf, Trade>
{
    public static string Sql =>
        $"""
        select {TradeRow.Columns}
        from summoners_grid.trade_proposals t
        where id = any (array(
          select r.id
          from summoners_grid.trade_proposals r
          where r.status = 'pending'
            -- idx_trade_proposals_open_cards
            and (r.offered_cards || r.requested_cards) && $1))
        order by id
        for update
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Cards);

    public static Trade Read(NpgsqlDataReader row) => TradeRow.Read(row);
}

/// <summary>Completes one proposal and cancels its rivals; all of them are locked.</summary>
internal sealed record CompleteTrade(Guid Trade, Guid Operation, DateTimeOffset Now) : IQuery<CompleteTrade, bool>
{
    public static string Sql =>
        """
        with completed as (
          update summoners_grid.trade_proposals
          set status = 'completed', completed_at = $3, operation_id = $2
          where id = $1 and status = 'pending' and expires_at > $3
          returning id
        )
        select core.expect(count(*), 1, 'trades that complete') from completed
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Trade).Add(Operation).Add(Now);

    public static bool Read(NpgsqlDataReader row) => row.GetBoolean(0);
}

/// <summary>Ends locked proposals without a trade.</summary>
internal sealed record EndTrades(Guid[] Trades, string Status, string Reason) : IStatement<EndTrades>
{
    public static string Sql =>
        """
        update summoners_grid.trade_proposals
        set status = $2, cancellation_reason = $3
        where id = any ($1) and status = 'pending'
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Trades).Add(Status).Add(Reason);
}

/// <summary>Locks one trade.</summary>
internal sealed record LockTrade(Guid Trade) : IQuery<LockTrade, Trade>
{
    public static string Sql =>
        $"""
        select {TradeRow.Columns}
        from summoners_grid.trade_proposals t
        where id = $1
        for update
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Trade);

    public static Trade Read(NpgsqlDataReader row) => TradeRow.Read(row);
}

/// <summary>One trade.</summary>
internal sealed record FindTrade(Guid Trade) : IQuery<FindTrade, Trade>
{
    public static string Sql => $"select {TradeRow.Columns} from summoners_grid.trade_proposals t where t.id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Trade);

    public static Trade Read(NpgsqlDataReader row) => TradeRow.Read(row);
}

/// <summary>A new offer.</summary>
internal sealed record InsertTrade(Trade Trade) : IStatement<InsertTrade>
{
    public static string Sql =>
        """
        insert into summoners_grid.trade_proposals
          (id, proposer_id, target_player_id, offered_cards, requested_cards, message, expires_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Trade.Id)
            .Add(Trade.ProposerId)
            .Add(Trade.TargetId)
            .Add(Trade.OfferedCards.ToArray())
            .Add(Trade.RequestedCards.ToArray())
            .AddNullable(Trade.Message)
            .Add(Trade.ExpiresAt.ToUniversalTime())
            .Add(Trade.CreatedAt);
}

/// <summary>How many offers of a player are open, counted up to a limit.</summary>
internal sealed record CountOpenOffers(Guid Proposer, int UpTo) : IQuery<CountOpenOffers, long>
{
    public static string Sql =>
        """
        select count(*)
        from (
          select
          from summoners_grid.trade_proposals
          -- idx_trade_proposals_open_by_proposer
          where proposer_id = $1 and status = 'pending'
          limit $2) open
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Proposer).Add(UpTo);

    public static long Read(NpgsqlDataReader row) => row.GetInt64(0);
}
