using System.Text.Json;
using Gamekeeper.Transactions;
using Npgsql;
using NpgsqlTypes;

namespace Gamekeeper.SummonersGrid.Matches;

/// <summary>One match.</summary>
internal sealed record FindMatch(Guid Id) : IQuery<FindMatch, Match>
{
    public static string Sql => $"select {MatchRow.Columns} from summoners_grid.game_sessions m where m.id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Id);

    public static Match Read(NpgsqlDataReader row) => MatchRow.Read(row);
}

/// <summary>One match by the game server's name.</summary>
internal sealed record FindMatchOfGame(string GameId) : IQuery<FindMatchOfGame, Match>
{
    // game_sessions_game_id_key
    public static string Sql => $"select {MatchRow.Columns} from summoners_grid.game_sessions m where m.game_id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(GameId);

    public static Match Read(NpgsqlDataReader row) => MatchRow.Read(row);
}

/// <summary>When this transaction began: the time of everything in it.</summary>
internal sealed record TransactionTime : IQuery<TransactionTime, DateTimeOffset>
{
    public static string Sql => "select now()";

    public void Bind(StatementParameters parameters) { }

    public static DateTimeOffset Read(NpgsqlDataReader row) => row.GetFieldValue<DateTimeOffset>(0);
}

/// <summary>A new match; it starts at the transaction's time.</summary>
internal sealed record InsertMatch(Match Match) : IStatement<InsertMatch>
{
    public static string Sql =>
        """
        insert into summoners_grid.game_sessions (id, game_id, game_mode, format, player_a_id, player_b_id)
        values ($1, $2, $3, $4, $5, $6)
        """;

    public void Bind(StatementParameters parameters) =>
        parameters.Add(Match.Id).Add(Match.GameId).Add(Match.GameMode).Add(Match.Format).Add(Match.PlayerAId).Add(Match.PlayerBId);
}

/// <summary>
/// Locks both players of a match, in id order and before the match: two matches of one player that end at once queue here, and each
/// reads what the other one left. Weak enough to let cards and trades refer to the players meanwhile.
/// </summary>
internal sealed record LockMatchPlayers(Guid Match) : IQuery<LockMatchPlayers, RatedPlayer>
{
    public static string Sql =>
        """
        select id, rating
        from summoners_grid.users
        where id in (
          select unnest(array[player_a_id, player_b_id])
          from summoners_grid.game_sessions
          where id = $1)
        order by id
        for no key update
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Match);

    public static RatedPlayer Read(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetInt32(1));
}

internal readonly record struct RatedPlayer(Guid Id, int Rating);

/// <summary>Locks one match, and tells the transaction's time.</summary>
internal sealed record LockMatch(Guid Id) : IQuery<LockMatch, LockedMatch>
{
    public static string Sql =>
        $"""
        select {MatchRow.Columns}, now()
        from summoners_grid.game_sessions m
        where m.id = $1
        for no key update
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Id);

    public static LockedMatch Read(NpgsqlDataReader row) => new(MatchRow.Read(row), row.GetFieldValue<DateTimeOffset>(MatchRow.Width));
}

internal sealed record LockedMatch(Match Match, DateTimeOffset Now)
{
    /// <summary>The match as it stands once it has ended, in the whole microseconds that PostgreSQL keeps.</summary>
    public Match EndedAs(MatchStatus status, DateTimeOffset? endedAt)
    {
        var end = (endedAt ?? Now).ToUniversalTime();
        end = end.AddTicks(-(end.Ticks % TimeSpan.TicksPerMicrosecond));
        // An end reported to the tick may lie within the microsecond of the start.
        end = end < Match.StartTime ? Match.StartTime : end;
        return Match with { Status = status, EndTime = end, DurationSeconds = (int)Math.Min(int.MaxValue, (end - Match.StartTime).TotalSeconds) };
    }
}

/// <summary>Ends a locked match as <paramref name="Ended"/> says.</summary>
internal sealed record EndMatch(Match Ended, string? Data) : IQuery<EndMatch, bool>
{
    public static string Sql =>
        """
        with ended as (
          update summoners_grid.game_sessions
          set status = $2, winner_id = $3, end_time = $4, duration_seconds = $5, rating_changes = $6, game_data = coalesce($7, game_data)
          where id = $1 and status = 'active'
          returning id
        )
        select core.expect(count(*), 1, 'matches that end') from ended
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Ended.Id)
            .Add(Ended.Status.ToString().ToLowerInvariant())
            .AddNullable(Ended.WinnerId)
            .Add(Ended.EndTime!.Value)
            .Add(Ended.DurationSeconds!.Value)
            .AddJson(Changes(Ended))
            .AddJson(Data);

    public static bool Read(NpgsqlDataReader row) => row.GetBoolean(0);

    private static string? Changes(Match match) =>
        match.Status == MatchStatus.Completed
            ? JsonSerializer.Serialize(match.RatingChanges.Select(c => new { c.Player, c.Before, c.After }), JsonSerializerOptions.Web)
            : null;
}

/// <summary>
/// Counts a finished match for its two locked players. The best rating so far never falls; a total stops at the largest number that its
/// column holds.
/// </summary>
internal sealed record CountMatch(Match Finished) : IQuery<CountMatch, bool>
{
    public static string Sql =>
        """
        with counted as (
          update summoners_grid.users u
          set total_games = least(u.total_games::bigint + 1, 2147483647),
              games_won = least(u.games_won::bigint + (c.player is not distinct from $3::uuid)::int, 2147483647),
              rating = c.rating,
              peak_rating = greatest(u.peak_rating, c.rating)
          from unnest($1::uuid[], $2::int[]) as c (player, rating)
          where u.id = c.player
          returning u.id
        )
        select core.expect(count(*), 2, 'players that a match counts for') from counted
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Finished.RatingChanges.Select(c => c.Player).ToArray())
            .Add(Finished.RatingChanges.Select(c => c.After).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .AddNullable(Finished.WinnerId);

    public static bool Read(NpgsqlDataReader row) => row.GetBoolean(0);
}
