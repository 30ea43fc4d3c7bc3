using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Friends;

/// <summary>A row of a list: the other one, and the place in the list.</summary>
internal sealed record ListedFriend(Guid PairId, Friend Friend);

/// <summary>
/// Lists are two halves, each read newest first from an index of its own, then merged. Closed accounts are left out. Parameters: the
/// player, the place before (null at the beginning), and how many.
/// </summary>
internal static class FriendList
{
    /// <summary>Rows in which the player is on this side.</summary>
    /// <param name="schema">The game.</param>
    /// <param name="own">The player's column.</param>
    /// <param name="other">The other one's.</param>
    /// <param name="since">What the half is sorted by.</param>
    /// <param name="condition">Which rows.</param>
    public static string Half(string schema, string own, string other, string since, string condition) =>
        $"""
          (select f.id, f.{since} as since, n.id as player_id, n.username, n.display_name, n.avatar_url
           from {schema}.friendships f
           join {schema}.friend_names n on n.id = f.{other} and n.is_active
           where f.{own} = $1
             and {condition}
             and ($2::timestamptz is null or (f.{since}, f.id) < ($2, $3))
           order by f.{since} desc, f.id desc
           limit $4)
        """;

    public static string Only(string half) =>
        $"""
        select id, since, player_id, username, display_name, avatar_url
        from (
        {half}
        ) one_side
        order by since desc, id desc
        limit $4
        """;

    public static string Merge(string one, string other) =>
        $"""
        select id, since, player_id, username, display_name, avatar_url
        from (
        {one}
          union all
        {other}
        ) both_sides
        order by since desc, id desc
        limit $4
        """;

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
        FriendList.Merge(
            FriendList.Half(TSchema.Schema, "requester_id", "addressee_id", "updated_at", "f.status = 'accepted'"),
            FriendList.Half(TSchema.Schema, "addressee_id", "requester_id", "updated_at", "f.status = 'accepted'")
        );

    public void Bind(StatementParameters parameters) => FriendList.Bind(parameters, Player, Before, BeforeId, Most);

    public static ListedFriend Read(NpgsqlDataReader row) => FriendList.Read(row);
}

/// <summary>Who asks the player; idx_friendships_addressee.</summary>
internal sealed record ListIncoming<TSchema>(Guid Player, DateTimeOffset? Before, Guid? BeforeId, int Most) : IQuery<ListIncoming<TSchema>, ListedFriend>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        FriendList.Only(FriendList.Half(TSchema.Schema, "addressee_id", "requester_id", "updated_at", "f.status = 'pending'"));

    public void Bind(StatementParameters parameters) => FriendList.Bind(parameters, Player, Before, BeforeId, Most);

    public static ListedFriend Read(NpgsqlDataReader row) => FriendList.Read(row);
}

/// <summary>Whom the player asks, those behind a block among them; idx_friendships_requester and idx_friendships_behind_block.</summary>
internal sealed record ListOutgoing<TSchema>(Guid Player, DateTimeOffset? Before, Guid? BeforeId, int Most) : IQuery<ListOutgoing<TSchema>, ListedFriend>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        FriendList.Merge(
            FriendList.Half(TSchema.Schema, "requester_id", "addressee_id", "updated_at", "f.status = 'pending'"),
            FriendList.Half(TSchema.Schema, "addressee_id", "requester_id", "behind_since", "f.behind_block = 'pending'")
        );

    public void Bind(StatementParameters parameters) => FriendList.Bind(parameters, Player, Before, BeforeId, Most);

    public static ListedFriend Read(NpgsqlDataReader row) => FriendList.Read(row);
}

/// <summary>Whom the player has blocked; idx_friendships_requester and idx_friendships_behind_block.</summary>
internal sealed record ListBlocked<TSchema>(Guid Player, DateTimeOffset? Before, Guid? BeforeId, int Most) : IQuery<ListBlocked<TSchema>, ListedFriend>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        FriendList.Merge(
            FriendList.Half(TSchema.Schema, "requester_id", "addressee_id", "updated_at", "f.status = 'blocked'"),
            FriendList.Half(TSchema.Schema, "addressee_id", "requester_id", "behind_since", "f.behind_block = 'blocked'")
        );

    public void Bind(StatementParameters parameters) => FriendList.Bind(parameters, Player, Before, BeforeId, Most);

    public static ListedFriend Read(NpgsqlDataReader row) => FriendList.Read(row);
}
