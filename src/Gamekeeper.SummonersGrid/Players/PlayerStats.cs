using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Players;

/// <summary>A player's numbers, all as of one moment.</summary>
public sealed record PlayerStats
{
    /// <summary>The account's id.</summary>
    public required Guid PlayerId { get; init; }

    /// <summary>From 1.</summary>
    public required int Level { get; init; }

    /// <summary>Experience points, from 0.</summary>
    public required int Experience { get; init; }

    /// <summary>0 to 5000; starts at 1000.</summary>
    public required int Rating { get; init; }

    /// <summary>The highest rating so far; never falls.</summary>
    public required int PeakRating { get; init; }

    /// <summary>Finished matches, drawn ones among them.</summary>
    public required int TotalGames { get; init; }

    /// <summary>Won matches.</summary>
    public required int GamesWon { get; init; }

    /// <summary>Won matches of all finished ones, 0 to 1; 0 before the first.</summary>
    public double WinRate => TotalGames == 0 ? 0 : (double)GamesWon / TotalGames;

    /// <summary>Cards the player owns now.</summary>
    public required long CardsOwned { get; init; }

    /// <summary>Trades that moved cards, on either side.</summary>
    public required long TradesCompleted { get; init; }
}

/// <summary>One player's numbers, in one statement.</summary>
internal sealed record FindPlayerStats(Guid Id) : IQuery<FindPlayerStats, PlayerStats>
{
    public static string Sql =>
        """
        select u.id, u.level, u.experience, u.rating, u.peak_rating, u.total_games, u.games_won,
          -- idx_card_instances_owner_template
          (select count(*) from summoners_grid.card_instances c where c.owner_id = u.id),
          -- idx_trade_proposals_proposer, idx_trade_proposals_target
          (select count(*) from summoners_grid.trade_proposals t where t.proposer_id = u.id and t.status = 'completed')
          + (select count(*) from summoners_grid.trade_proposals t where t.target_player_id = u.id and t.status = 'completed')
        from summoners_grid.users u
        where u.id = $1 and u.is_active
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Id);

    public static PlayerStats Read(NpgsqlDataReader row) =>
        new()
        {
            PlayerId = row.GetGuid(0),
            Level = row.GetInt32(1),
            Experience = row.GetInt32(2),
            Rating = row.GetInt32(3),
            PeakRating = row.GetInt32(4),
            TotalGames = row.GetInt32(5),
            GamesWon = row.GetInt32(6),
            CardsOwned = row.GetInt64(7),
            TradesCompleted = row.GetInt64(8),
        };
}
