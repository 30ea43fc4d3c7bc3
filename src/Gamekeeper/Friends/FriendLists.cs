using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Friends;

/// <summary>Where a list goes on: whose it is, behind which row, and how many rows are read.</summary>
internal sealed record FriendListPlace(Guid Player, DateTimeOffset? Before, Guid? BeforeId, int Most)
{
    public StatementParameters Bind(StatementParameters parameters) => parameters.Add(Player).AddNullable(Before).AddNullable(BeforeId).Add(Most);
}

/// <summary>A row of a list: the other one, and the place in the list.</summary>
internal sealed record ListedFriend(Guid PairId, Friend Friend)
{
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

/// <summary>
/// Whoever stands so with a player, newest first; closed accounts are left out, and so is who asks behind the player's block.
/// </summary>
/// <param name="Place">Whose list, and where it goes on.</param>
/// <param name="Status">A state of <see cref="FriendPair"/>.</param>
/// <param name="HasAsked">True where the player has asked, false where the other has; null for both.</param>
internal sealed record ListFriends<TSchema>(FriendListPlace Place, string Status, bool? HasAsked = null) : IQuery<ListFriends<TSchema>, ListedFriend>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        select s.id, s.since, n.id, n.username, n.display_name, n.avatar_url
        -- idx_friendships_requester and idx_friendships_addressee, merged
        from {TSchema.Schema}.friend_sides s
        join {TSchema.Schema}.friend_names n on n.id = s.other_id and n.is_active
        where s.player_id = $1
          and ($2::timestamptz is null or (s.since, s.id) < ($2, $3))
          and s.status = $5
          and ($6::boolean is null or s.has_asked = $6)
          and s.blocks_since is null
        order by s.since desc, s.id desc
        limit $4
        """;

    public void Bind(StatementParameters parameters) => Place.Bind(parameters).Add(Status).AddNullable(HasAsked);

    public static ListedFriend Read(NpgsqlDataReader row) => ListedFriend.Read(row);
}

/// <summary>Whom a player blocks, newest first; closed accounts are left out.</summary>
internal sealed record ListBlocked<TSchema>(FriendListPlace Place) : IQuery<ListBlocked<TSchema>, ListedFriend>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        select s.id, s.blocks_since, n.id, n.username, n.display_name, n.avatar_url
        -- idx_friendships_requester_blocks and idx_friendships_addressee_blocks, merged
        from {TSchema.Schema}.friend_sides s
        join {TSchema.Schema}.friend_names n on n.id = s.other_id and n.is_active
        where s.player_id = $1
          and s.blocks_since is not null
          and ($2::timestamptz is null or (s.blocks_since, s.id) < ($2, $3))
        order by s.blocks_since desc, s.id desc
        limit $4
        """;

    public void Bind(StatementParameters parameters) => Place.Bind(parameters);

    public static ListedFriend Read(NpgsqlDataReader row) => ListedFriend.Read(row);
}
