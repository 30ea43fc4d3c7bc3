using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Players;

// Row security lets everyone see every player, so it adds no condition and these operators may use their indexes as the application's role.

/// <summary>Parts of the statements below; $1 is the text, $2 the limit.</summary>
internal static class PlayerSearchSql
{
    // A range of byte order instead of LIKE: a prepared LIKE with an unknown pattern cannot use the index. No name holds U+10FFFF.
    public const string Beginning =
        $"""
        (select {PlayerSummary.Columns}
         from summoners_grid.users u
         -- idx_users_username_prefix
         where u.is_active and lower(u.username) ~>=~ lower($1) and lower(u.username) ~<~ (lower($1) || chr(1114111))
         order by lower(u.username) using ~<~, u.id
         limit $2)
        union
        (select {PlayerSummary.Columns}
         from summoners_grid.users u
         -- idx_users_display_name_prefix
         where u.is_active and lower(u.display_name) ~>=~ lower($1) and lower(u.display_name) ~<~ (lower($1) || chr(1114111))
         order by lower(u.display_name) using ~<~, u.id
         limit $2)
        """;

    // The very name, names that begin so, display names that begin so, the rest.
    public const string Order =
        """
        order by
          case
            when lower(u.username) = lower($1) then 0
            when starts_with(lower(u.username), lower($1)) then 1
            when starts_with(lower(u.display_name), lower($1)) then 2
            else 3
          end,
          lower(u.username), u.id
        limit $2
        """;
}

/// <summary>Players whose name begins so.</summary>
internal sealed record PlayersByBeginning(string Text, int Limit) : IQuery<PlayersByBeginning, PlayerSummary>
{
    public static string Sql { get; } =
        $"""
        select {PlayerSummary.Columns}
        from ({PlayerSearchSql.Beginning}) u
        {PlayerSearchSql.Order}
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Text).Add(Limit);

    public static PlayerSummary Read(NpgsqlDataReader row) => PlayerSummary.Read(row);
}

/// <summary>Players in whose name the text stands. Materialized, so that the index is chosen for all matches and not for the first few.</summary>
internal sealed record PlayersBySubstring(string Text, int Limit) : IQuery<PlayersBySubstring, PlayerSummary>
{
    public static string Sql { get; } =
        $"""
        with matching as materialized (
          select {PlayerSummary.Columns}
          from summoners_grid.users u
          -- idx_users_names_trigram
          where u.is_active and (u.username ilike $3 or u.display_name ilike $3)
        )
        select {PlayerSummary.Columns}
        from (
          {PlayerSearchSql.Beginning}
          union
          (select * from matching limit {SearchPlayers.MostRanked})
        ) u
        {PlayerSearchSql.Order}
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Text).Add(Limit).Add($"%{Escaped(Text)}%");

    public static PlayerSummary Read(NpgsqlDataReader row) => PlayerSummary.Read(row);

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
}

/// <summary>Players by words, best match first. The simple configuration keeps names that are English stop words.</summary>
internal sealed record PlayersByWords(string Text, int Limit) : IQuery<PlayersByWords, PlayerSummary>
{
    public static string Sql { get; } =
        $"""
        with asked as (
          -- PostgreSQL has quoted every word; the last one need only be begun. A text without words finds nobody.
          select (nullif(plainto_tsquery('simple', $1)::text, '') || ':*')::tsquery as words
        ),
        matching as materialized (
          select {PlayerSummary.Columns}, ts_rank(to_tsvector('simple', u.username || ' ' || coalesce(u.display_name, '')), a.words) as rank
          from asked a, summoners_grid.users u
          -- idx_users_search_simple
          where u.is_active and to_tsvector('simple', u.username || ' ' || coalesce(u.display_name, '')) @@ a.words
        )
        select {PlayerSummary.Columns}
        from (select * from matching limit {SearchPlayers.MostRanked}) u
        order by u.rank desc, lower(u.username), u.id
        limit $2
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Text).Add(Limit);

    public static PlayerSummary Read(NpgsqlDataReader row) => PlayerSummary.Read(row);
}
