using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Players;

/// <summary>A player with the numbers that are counted elsewhere, all as of one moment.</summary>
/// <param name="Player">The player, with the numbers that stand there.</param>
/// <param name="CardsOwned">Cards the player owns now.</param>
/// <param name="TradesCompleted">Trades that moved cards, on either side.</param>
public sealed record PlayerStats(Player Player, long CardsOwned, long TradesCompleted)
{
    /// <summary>Won matches of all finished ones, drawn ones among them, 0 to 1; 0 before the first.</summary>
    public double WinRate => Player.TotalGames == 0 ? 0 : (double)Player.GamesWon / Player.TotalGames;
}

/// <summary>One player's numbers, in one statement.</summary>
internal sealed record FindPlayerStats(Guid Id) : IQuery<FindPlayerStats, PlayerStats>
{
    public static string Sql =>
        $"""
        select {Player.Columns},
          -- idx_card_instances_owner_template
          (select count(*) from summoners_grid.card_instances c where c.owner_id = u.id),
          -- idx_trade_proposals_proposer, idx_trade_proposals_target
          (select count(*) from summoners_grid.trade_proposals t where t.proposer_id = u.id and t.status = 'completed')
          + (select count(*) from summoners_grid.trade_proposals t where t.target_player_id = u.id and t.status = 'completed')
        from summoners_grid.users u
        where u.id = $1 and u.is_active
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Id);

    public static PlayerStats Read(NpgsqlDataReader row) => new(Player.Read(row), row.GetInt64(13), row.GetInt64(14));
}
