using Gamekeeper.Caching;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Matches;

/// <summary>Reads matches. Results are public; each verb that changes a match stands in its own file.</summary>
public sealed class MatchRepository(GameDatabase database, GameCache cache, CursorKey cursors)
{
    /// <summary>One match, through the cache; null when there is none.</summary>
    public Task<Match?> FindAsync(Guid id, CancellationToken cancellationToken = default) =>
        cache
            .GetAsync(SummonersGridCache.Game, id, database, static (from, id, ct) => from.FirstAsync(new FindMatch(id), ct), cancellationToken)
            .AsTask();

    /// <summary>One match by the game server's name; null when there is none.</summary>
    public Task<Match?> FindByGameAsync(string gameId, CancellationToken cancellationToken = default) =>
        database.FirstAsync(new FindMatchOfGame(gameId), cancellationToken);

    /// <summary>State or replay as it was reported, as JSON; null when there is none, or no such match.</summary>
    public Task<string?> FindDataAsync(Guid id, CancellationToken cancellationToken = default) =>
        database.FirstAsync(new FindMatchData(id), cancellationToken);

    /// <summary>A player's matches on either side, last begun first. A page costs the same at any depth.</summary>
    /// <param name="player">Whose matches.</param>
    /// <param name="status">Only those that stand so; null for all.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<PageOutcome<Match>> ByPlayerAsync(
        Guid player,
        MatchStatus? status,
        PageRequest page,
        CancellationToken cancellationToken = default
    )
    {
        var asked = new CursorQuestion("summoners_grid.matches_of_player", PageOrder.Descending, "start_time", "id")
            .Where("player", player)
            .Where("status", Text(status));
        return ReadAsync(
            page,
            asked,
            after => new MatchesOfPlayer(player, Text(status), after?[0].Instant, after?[1].Guid, page.Size.RowsToRead),
            cancellationToken
        );
    }

    /// <summary>Everyone's matches that stand so, last begun first.</summary>
    public Task<PageOutcome<Match>> ByStatusAsync(MatchStatus status, PageRequest page, CancellationToken cancellationToken = default)
    {
        var asked = new CursorQuestion("summoners_grid.matches", PageOrder.Descending, "start_time", "id").Where("status", Text(status));
        return ReadAsync(
            page,
            asked,
            after => new MatchesByStatus(Text(status)!, after?[0].Instant, after?[1].Guid, page.Size.RowsToRead),
            cancellationToken
        );
    }

    private async Task<PageOutcome<Match>> ReadAsync<TQuery>(
        PageRequest page,
        CursorQuestion asked,
        Func<IReadOnlyList<CursorValue>?, TQuery> query,
        CancellationToken cancellationToken
    )
        where TQuery : IQuery<TQuery, Match>
    {
        var start = page.Start(cursors, asked);
        if (start is CursorReading.Refused refused)
            return new PageOutcome<Match>.Refused(refused.Refusal);
        var rows = await database.ListAsync(query((start as CursorReading.Valid)?.Values), cancellationToken);
        return new PageOutcome<Match>.Given(Page.From(rows, page.Size, m => Cursor.Write(cursors, asked, m.StartTime, m.Id)));
    }

    private static string? Text(MatchStatus? status) => status?.ToString().ToLowerInvariant();
}

/// <summary>Both sides' newest, each from its own index, then the newest of the two together.</summary>
internal sealed record MatchesOfPlayer(Guid Player, string? Status, DateTimeOffset? AfterStart, Guid? AfterId, int Limit)
    : IQuery<MatchesOfPlayer, Match>
{
    public static string Sql =>
        $"""
        select {MatchRow.Columns}
        from (
          (select *
           from summoners_grid.game_sessions
           where player_a_id = $1
             and ($2::text is null or status = $2)
             and ($3::timestamptz is null or (start_time, id) < ($3, $4))
           -- idx_game_sessions_player_a_newest, or idx_game_sessions_player_status for the few that run
           order by start_time desc, id desc
           limit $5)
          union all
          (select *
           from summoners_grid.game_sessions
           where player_b_id = $1
             and ($2::text is null or status = $2)
             and ($3::timestamptz is null or (start_time, id) < ($3, $4))
           -- idx_game_sessions_player_b_newest, or idx_game_sessions_player_b_status
           order by start_time desc, id desc
           limit $5)
        ) m
        order by m.start_time desc, m.id desc
        limit $5
        """;

    public void Bind(StatementParameters parameters) =>
        parameters.Add(Player).AddNullable(Status).AddNullable(AfterStart).AddNullable(AfterId).Add(Limit);

    public static Match Read(NpgsqlDataReader row) => MatchRow.Read(row);
}

/// <summary>Matches that stand so.</summary>
internal sealed record MatchesByStatus(string Status, DateTimeOffset? AfterStart, Guid? AfterId, int Limit) : IQuery<MatchesByStatus, Match>
{
    public static string Sql =>
        $"""
        select {MatchRow.Columns}
        from summoners_grid.game_sessions m
        -- idx_game_sessions_status
        where m.status = $1
          and ($2::timestamptz is null or (m.start_time, m.id) < ($2, $3))
        order by m.start_time desc, m.id desc
        limit $4
        """;

    public void Bind(StatementParameters parameters) =>
        parameters.Add(Status).AddNullable(AfterStart).AddNullable(AfterId).Add(Limit);

    public static Match Read(NpgsqlDataReader row) => MatchRow.Read(row);
}

/// <summary>What the game server keeps with a match.</summary>
internal sealed record FindMatchData(Guid Id) : IQuery<FindMatchData, string?>
{
    public static string Sql => "select game_data::text from summoners_grid.game_sessions where id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Id);

    public static string? Read(NpgsqlDataReader row) => row.IsDBNull(0) ? null : row.GetString(0);
}
