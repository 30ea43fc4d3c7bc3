using Gamekeeper.Caching;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Leaderboards;

/// <summary>Reads leaderboards. They are for looking at and at most five minutes old; nobody decides by them.</summary>
public sealed class LeaderboardRepository(GameDatabase database, GameCache cache, TimeProvider clock)
{
    /// <summary>The first hundred players; those whose account is closed are on none.</summary>
    public async Task<Leaderboard> TopAsync(LeaderboardType type, CancellationToken cancellationToken = default)
    {
        var key = type == LeaderboardType.Rating ? "rating" : "wins";
        var top = await cache.GetAsync(SummonersGridCache.Leaderboard, key, this, static (from, id, ct) => from.ReadAsync(id, ct), cancellationToken);
        // Nobody on it is not kept: the first player of a new game is seen at once.
        return top ?? new Leaderboard(type, [], clock.GetUtcNow());
    }

    private async Task<Leaderboard?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var asOf = clock.GetUtcNow();
        return key == "rating"
            ? Ranked(LeaderboardType.Rating, await database.ListAsync(new TopByRating(), cancellationToken), asOf)
            : Ranked(LeaderboardType.Wins, await database.ListAsync(new TopByWins(), cancellationToken), asOf);
    }

    private static Leaderboard? Ranked(LeaderboardType type, IReadOnlyList<LeaderboardEntry> players, DateTimeOffset asOf)
    {
        if (players.Count == 0)
            return null;
        var entries = new LeaderboardEntry[players.Count];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = players[i] with
            {
                Position = i + 1,
                Rank = i > 0 && players[i - 1].Score == players[i].Score ? entries[i - 1].Rank : i + 1,
            };
        return new Leaderboard(type, entries, asOf);
    }
}

internal sealed record TopByRating : IQuery<TopByRating, LeaderboardEntry>
{
    public static string Sql =>
        $"""
        select u.rating, u.id, u.username, u.display_name, u.avatar_url
        from summoners_grid.users u
        where u.is_active
        -- idx_users_rating
        order by u.rating desc, u.id
        limit {Leaderboard.Most}
        """;

    public void Bind(StatementParameters parameters) { }

    public static LeaderboardEntry Read(NpgsqlDataReader row) => LeaderboardRow.Read(row);
}

internal sealed record TopByWins : IQuery<TopByWins, LeaderboardEntry>
{
    public static string Sql =>
        $"""
        select u.games_won, u.id, u.username, u.display_name, u.avatar_url
        from summoners_grid.users u
        where u.is_active
        -- idx_users_games_won
        order by u.games_won desc, u.id
        limit {Leaderboard.Most}
        """;

    public void Bind(StatementParameters parameters) { }

    public static LeaderboardEntry Read(NpgsqlDataReader row) => LeaderboardRow.Read(row);
}

internal static class LeaderboardRow
{
    public static LeaderboardEntry Read(NpgsqlDataReader row) =>
        new(
            Position: 0,
            Rank: 0,
            row.GetInt32(0),
            row.GetGuid(1),
            row.GetString(2),
            row.IsDBNull(3) ? null : row.GetString(3),
            row.IsDBNull(4) ? null : row.GetString(4)
        );
}
