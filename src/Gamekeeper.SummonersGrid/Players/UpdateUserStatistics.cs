using Gamekeeper.Migrations;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Players;

/// <summary>
/// Counts every player's finished and won matches anew from the matches that are recorded, and sets what differs. Runs once; numbers of a
/// former system are set after it, with <see cref="UpdateStats"/>. Ratings stay: they depend on the order of matches and on the factor
/// of their day.
/// </summary>
public sealed class UpdateUserStatistics(GameDatabase database, TimeProvider clock) : IDataMigration
{
    private const int Bite = 500;

    /// <inheritdoc />
    public string Name => "20261120100107_update_user_statistics";

    /// <inheritdoc />
    public string Description => "Recounts players' finished and won matches from the recorded matches.";

    /// <inheritdoc />
    public Task<DataMigrationStep> StepAsync(string? progress, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Actor.System(clock),
            async (unit, ct) =>
            {
                // Counts are set and not moved, so a bite that runs again changes nothing.
                unit.MarkRepeatable();
                var players = await unit.ListAsync(new NextPlayers(progress is null ? Guid.Empty : Guid.Parse(progress), Bite), ct);
                if (players.Count == 0)
                    return new DataMigrationStep(progress, 0, Done: true);
                // Counted behind the locks: a match that finishes meanwhile is in the count, or waits and adds itself.
                var changed = await unit.FirstAsync(new RecountMatches([.. players]), ct);
                return new DataMigrationStep(players[^1].ToString(), changed, Done: players.Count < Bite);
            },
            cancellationToken
        );

    private sealed record NextPlayers(Guid After, int Limit) : IQuery<NextPlayers, Guid>
    {
        public static string Sql =>
            """
            select id
            from summoners_grid.users
            where id > $1
            order by id
            limit $2
            for no key update
            """;

        public void Bind(StatementParameters parameters) => parameters.Add(After).Add(Limit);

        public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
    }

    private sealed record RecountMatches(Guid[] Players) : IQuery<RecountMatches, long>
    {
        public static string Sql =>
            """
            with counted as (
              select p.id,
                -- idx_game_sessions_player_status, idx_game_sessions_player_b_status, idx_game_sessions_winner
                (select count(*) from summoners_grid.game_sessions m where m.player_a_id = p.id and m.status = 'completed')
                + (select count(*) from summoners_grid.game_sessions m where m.player_b_id = p.id and m.status = 'completed') as total,
                (select count(*) from summoners_grid.game_sessions m where m.winner_id = p.id) as won
              from unnest($1::uuid[]) as p (id)
            ),
            changed as (
              update summoners_grid.users u
              set total_games = c.total, games_won = c.won
              from counted c
              where u.id = c.id
                and (u.total_games, u.games_won) is distinct from (c.total, c.won)
              returning u.id
            )
            select count(*) from changed
            """;

        public void Bind(StatementParameters parameters) => parameters.Add(Players);

        public static long Read(NpgsqlDataReader row) => row.GetInt64(0);
    }
}
