using Gamekeeper.Accounts;
using Gamekeeper.Transactions;
using NpgsqlTypes;

namespace Gamekeeper.SummonersGrid.Players.Import;

internal sealed record InsertImportedPlayers(IReadOnlyList<(PublicAccount Account, ImportedPlayer Player)> Rows) : IStatement<InsertImportedPlayers>
{
    private const NpgsqlDbType TextArray = NpgsqlDbType.Array | NpgsqlDbType.Text;
    private const NpgsqlDbType InstantArray = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz;

    // Whoever signed in before the import came to the game's half has a row already: a newcomer's, and what was played since comes on top.
    public static string Sql =>
        """
        insert into summoners_grid.users as u
          (id, username, display_name, avatar_url, is_active, frozen_at, account_version,
           level, experience, rating, peak_rating, total_games, games_won, created_at)
        select id, username, display_name, avatar_url, is_active, frozen_at, version,
               level, experience, rating, peak_rating, total_games, games_won, coalesce(created_at, now())
        from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::timestamptz[], $7::bigint[],
                    $8::int[], $9::int[], $10::int[], $11::int[], $12::int[], $13::int[], $14::timestamptz[])
          as n (id, username, display_name, avatar_url, is_active, frozen_at, version,
                level, experience, rating, peak_rating, total_games, games_won, created_at)
        order by id
        on conflict (id) do update
        set level = greatest(excluded.level, u.level),
            experience = least(excluded.experience::bigint + u.experience, 2147483647),
            rating = greatest(0, least(5000, excluded.rating + u.rating - 1000)),
            peak_rating = greatest(excluded.peak_rating, greatest(0, least(5000, excluded.rating + u.rating - 1000))),
            total_games = excluded.total_games + u.total_games,
            games_won = excluded.games_won + u.games_won
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Rows.Select(r => r.Account.Id).ToArray())
            .Add(Rows.Select(r => r.Account.Username).ToArray())
            .Add(Rows.Select(r => r.Account.DisplayName).ToArray(), TextArray)
            .Add(Rows.Select(r => r.Account.AvatarUrl).ToArray(), TextArray)
            .Add(Rows.Select(r => r.Account.IsActive).ToArray())
            .Add(Rows.Select(r => r.Account.FrozenAt).ToArray(), InstantArray)
            .Add(Rows.Select(r => r.Account.Version).ToArray())
            .Add(Rows.Select(r => r.Player.Level).ToArray())
            .Add(Rows.Select(r => r.Player.Experience).ToArray())
            .Add(Rows.Select(r => r.Player.Rating).ToArray())
            .Add(Rows.Select(r => r.Player.PeakRating).ToArray())
            .Add(Rows.Select(r => r.Player.TotalGames).ToArray())
            .Add(Rows.Select(r => r.Player.GamesWon).ToArray())
            .Add(Rows.Select(r => r.Player.Account.CreatedAt).ToArray(), InstantArray);
}
