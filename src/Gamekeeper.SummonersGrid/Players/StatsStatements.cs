using Gamekeeper.Transactions;
using Npgsql;
using NpgsqlTypes;

namespace Gamekeeper.SummonersGrid.Players;

/// <summary>Locks players by id, for a verb that will change their numbers.</summary>
internal sealed record LockStats(Guid[] Players) : IQuery<LockStats, LockedStats>
{
    public static string Sql =>
        """
        select id, total_games, games_won
        from summoners_grid.users
        where id = any ($1)
        order by id
        for no key update
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Players);

    public static LockedStats Read(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetInt32(1), row.GetInt32(2));
}

internal readonly record struct LockedStats(Guid Id, int TotalGames, int GamesWon);

/// <summary>Sets the numbers that are given; the players are locked. The best rating so far never falls.</summary>
internal sealed record SetStats(IReadOnlyList<StatsChange> Changes) : IQuery<SetStats, bool>
{
    public static string Sql =>
        """
        with changed as (
          update summoners_grid.users u
          set level = coalesce(c.level, u.level),
              experience = coalesce(c.experience, u.experience),
              rating = coalesce(c.rating, u.rating),
              peak_rating = greatest(u.peak_rating, c.rating),
              total_games = coalesce(c.total_games, u.total_games),
              games_won = coalesce(c.games_won, u.games_won)
          from unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[])
            as c (player, level, experience, rating, total_games, games_won)
          where u.id = c.player
          returning u.id
        )
        select core.expect(count(*), cardinality($1::uuid[]), 'players whose numbers change') from changed
        """;

    public void Bind(StatementParameters parameters)
    {
        parameters.Add(Changes.Select(c => c.PlayerId).ToArray());
        Add(c => c.Level);
        Add(c => c.Experience);
        Add(c => c.Rating);
        Add(c => c.TotalGames);
        Add(c => c.GamesWon);

        void Add(Func<StatsChange, int?> number) =>
            parameters.Add(Changes.Select(number).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer);
    }

    public static bool Read(NpgsqlDataReader row) => row.GetBoolean(0);
}
