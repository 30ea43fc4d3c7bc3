using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Friends;

// Lists are read by half, where a player may stand on either side: each newest first from an index of its own, then merged. Closed
// accounts are left out.

/// <summary>A row of a list: the other one, and the place in the list.</summary>
internal sealed record ListedFriend(Guid PairId, Friend Friend)
{
    public static void Bind(StatementParameters parameters, Guid player, DateTimeOffset? before, Guid? beforeId, int most) =>
        parameters.Add(player).AddNullable(before).AddNullable(beforeId).Add(most);

    public static ListedFriend Read(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            new Friend(
                row.GetGuid(2),
                row.GetString(3),
                row.IsDBNull(4) ? null : row.GetString(4),
                row.IsDBNull(5) ? null : row.GetString(5),
                row.GetFieldValue<DateTimeOffset>(1)
            )
        );
}

/// <summary>Friends; idx_friendships_requester and idx_friendships_addressee.</summary>
internal sealed record ListFriends<TSchema>(Guid Player, DateTimeOffset? Before, Guid? BeforeId, int Most) : IQuery<ListFriends<TSchema>, ListedFriend>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        select id, since, player_id, username, display_name, avatar_url
        from (
          (select f.id, f.updated_at as since, n.id as player_id, n.username, n.display_name, n.avatar_url
           from {TSchema.Schema}.friendships f
           join {TSchema.Schema}.friend_names n on n.id = f.addressee_id and n.is_active
           where f.requester_id = $1
             and f.status = 'accepted'
             and ($2::timestamptz is null or (f.updated_at, f.id) < ($2, $3))
           order by f.updated_at desc, f.id desc
           limit $4)
          union all
          (select f.id, f.updated_at as since, n.id as player_id, n.username, n.display_name, n.avatar_url
           from {TSchema.Schema}.friendships f
           join {TSchema.Schema}.friend_names n on n.id = f.requester_id and n.is_active
           where f.addressee_id = $1
             and f.status = 'accepted'
             and ($2::timestamptz is null or (f.updated_at, f.id) < ($2, $3))
           order by f.updated_at desc, f.id desc
           limit $4)
        ) listed
        order by since desc, id desc
        limit $4
        """;

    public void Bind(StatementParameters parameters) => ListedFriend.Bind(parameters, Player, Before, BeforeId, Most);

    public static ListedFriend Read(NpgsqlDataReader row) => ListedFriend.Read(row);
}

/// <summary>Who asks the player; idx_friendships_addressee.</summary>
internal sealed record ListIncoming<TSchema>(Guid Player, DateTimeOffset? Before, Guid? BeforeId, int Most) : IQuery<ListIncoming<TSchema>, ListedFriend>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        select id, since, player_id, username, display_name, avatar_url
        from (
          (select f.id, f.updated_at as since, n.id as player_id, n.username, n.display_name, n.avatar_url
           from {TSchema.Schema}.friendships f
           join {TSchema.Schema}.friend_names n on n.id = f.requester_id and n.is_active
           where f.addressee_id = $1
             and f.status = 'pending'
             and ($2::timestamptz is null or (f.updated_at, f.id) < ($2, $3))
           order by f.updated_at desc, f.id desc
           limit $4)
        ) listed
        order by since desc, id desc
        limit $4
        """;

    public void Bind(StatementParameters parameters) => ListedFriend.Bind(parameters, Player, Before, BeforeId, Most);

    public static ListedFriend Read(NpgsqlDataReader row) => ListedFriend.Read(row);
}

/// <summary>Whom the player asks, those behind a block among them; idx_friendships_requester and idx_friendships_behind_block.</summary>
internal sealed record ListOutgoing<TSchema>(Guid Player, DateTimeOffset? Before, Guid? BeforeId, int Most) : IQuery<ListOutgoing<TSchema>, ListedFriend>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        select id, since, player_id, username, display_name, avatar_url
        from (
          (select f.id, f.updated_at as since, n.id as player_id, n.username, n.display_name, n.avatar_url
           from {TSchema.Schema}.friendships f
           join {TSchema.Schema}.friend_names n on n.id = f.addressee_id and n.is_active
           where f.requester_id = $1
             and f.status = 'pending'
             and ($2::timestamptz is null or (f.updated_at, f.id) < ($2, $3))
           order by f.updated_at desc, f.id desc
           limit $4)
          union all
          (select f.id, f.behind_since as since, n.id as player_id, n.username, n.display_name, n.avatar_url
           from {TSchema.Schema}.friendships f
           join {TSchema.Schema}.friend_names n on n.id = f.requester_id and n.is_active
           where f.addressee_id = $1
             and f.behind_block = 'pending'
             and ($2::timestamptz is null or (f.behind_since, f.id) < ($2, $3))
           order by f.behind_since desc, f.id desc
           limit $4)
        ) listed
        order by since desc, id desc
        limit $4
        """;

    public void Bind(StatementParameters parameters) => ListedFriend.Bind(parameters, Player, Before, BeforeId, Most);

    public static ListedFriend Read(NpgsqlDataReader row) => ListedFriend.Read(row);
}

/// <summary>Whom the player has blocked; idx_friendships_requester and idx_friendships_behind_block.</summary>
internal sealed record ListBlocked<TSchema>(Guid Player, DateTimeOffset? Before, Guid? BeforeId, int Most) : IQuery<ListBlocked<TSchema>, ListedFriend>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        select id, since, player_id, username, display_name, avatar_url
        from (
          (select f.id, f.updated_at as since, n.id as player_id, n.username, n.display_name, n.avatar_url
           from {TSchema.Schema}.friendships f
           join {TSchema.Schema}.friend_names n on n.id = f.addressee_id and n.is_active
           where f.requester_id = $1
             and f.status = 'blocked'
             and ($2::timestamptz is null or (f.updated_at, f.id) < ($2, $3))
           order by f.updated_at desc, f.id desc
           limit $4)
          union all
          (select f.id, f.behind_since as since, n.id as player_id, n.username, n.display_name, n.avatar_url
           from {TSchema.Schema}.friendships f
           join {TSchema.Schema}.friend_names n on n.id = f.requester_id and n.is_active
           where f.addressee_id = $1
             and f.behind_block = 'blocked'
             and ($2::timestamptz is null or (f.behind_since, f.id) < ($2, $3))
           order by f.behind_since desc, f.id desc
           limit $4)
        ) listed
        order by since desc, id desc
        limit $4
        """;

    public void Bind(StatementParameters parameters) => ListedFriend.Bind(parameters, Player, Before, BeforeId, Most);

    public static ListedFriend Read(NpgsqlDataReader row) => ListedFriend.Read(row);
}
