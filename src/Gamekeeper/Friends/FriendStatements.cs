using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Friends;

/// <summary>
/// Lets the verbs of each of two players follow one another until the commit: there may be no row yet to lock, and limits count many.
/// Both always in one order, which is that of their keys.
/// </summary>
internal sealed record LockTwoPlayers<TSchema>(Guid One, Guid Other) : IQuery<LockTwoPlayers<TSchema>, bool>
    where TSchema : ISchemaOwner
{
    // The keys are of their own kind: nobody else's advisory locks are meant.
    public static string Sql { get; } =
        $"""
        select pg_advisory_xact_lock(least(one, other)), pg_advisory_xact_lock(greatest(one, other))
        from (
          select hashtextextended('{TSchema.Schema}.friends/' || $1::uuid, 0) as one, hashtextextended('{TSchema.Schema}.friends/' || $2::uuid, 0) as other
        ) keys
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(One).Add(Other);

    public static bool Read(NpgsqlDataReader row) => true;
}

/// <summary>The time, read behind the locks.</summary>
internal sealed record ReadTime : IQuery<ReadTime, DateTimeOffset>
{
    public static string Sql => "select clock_timestamp()";

    public void Bind(StatementParameters parameters) { }

    public static DateTimeOffset Read(NpgsqlDataReader row) => row.GetFieldValue<DateTimeOffset>(0);
}

/// <summary>Whether players are there and free.</summary>
internal sealed record FindFriendNames<TSchema>(Guid[] Players) : IQuery<FindFriendNames<TSchema>, (Guid Id, bool IsActive, bool IsFrozen)>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } = $"select id, is_active, is_frozen from {TSchema.Schema}.friend_names where id = any ($1)";

    public void Bind(StatementParameters parameters) => parameters.Add(Players);

    public static (Guid Id, bool IsActive, bool IsFrozen) Read(NpgsqlDataReader row) => (row.GetGuid(0), row.GetBoolean(1), row.GetBoolean(2));
}

/// <summary>How much of everything a player has.</summary>
internal sealed record CountFriends<TSchema>(Guid Player) : IQuery<CountFriends<TSchema>, FriendCounts>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } = $"select friends, asked, asking, blocked from {TSchema.Schema}.friend_counts($1, {FriendLimits.CountUpTo})";

    public void Bind(StatementParameters parameters) => parameters.Add(Player);

    public static FriendCounts Read(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
}

/// <summary>The row of two players, whoever came first.</summary>
internal sealed record FindPair<TSchema>(Guid One, Guid Other) : IQuery<FindPair<TSchema>, FriendPair>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        select id, requester_id, addressee_id, status, since, requester_blocks_since, addressee_blocks_since
        from {TSchema.Schema}.friendships
        -- friendships_requester_id_addressee_id_key, once for each direction
        where requester_id = $1 and addressee_id = $2
           or requester_id = $2 and addressee_id = $1
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(One).Add(Other);

    public static FriendPair Read(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetGuid(1),
            row.GetGuid(2),
            row.GetString(3),
            row.GetFieldValue<DateTimeOffset>(4),
            row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5),
            row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6)
        );
}

/// <summary>The row as it is to be, new or not.</summary>
internal sealed record SavePair<TSchema>(FriendPair Pair) : IStatement<SavePair<TSchema>>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        insert into {TSchema.Schema}.friendships (id, requester_id, addressee_id, status, since, requester_blocks_since, addressee_blocks_since)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (id) do update
        set requester_id = excluded.requester_id, addressee_id = excluded.addressee_id, status = excluded.status, since = excluded.since,
            requester_blocks_since = excluded.requester_blocks_since, addressee_blocks_since = excluded.addressee_blocks_since
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Pair.Id)
            .Add(Pair.Requester)
            .Add(Pair.Addressee)
            .Add(Pair.Status)
            .Add(Pair.Since)
            .AddNullable(Pair.RequesterBlocks)
            .AddNullable(Pair.AddresseeBlocks);
}

/// <summary>The two have nothing to do with each other any more.</summary>
internal sealed record RemovePair<TSchema>(Guid Id) : IStatement<RemovePair<TSchema>>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } = $"delete from {TSchema.Schema}.friendships where id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Id);
}

/// <summary>Everyone a player is friends with, at most as many as there can be.</summary>
internal sealed record FriendIds<TSchema>(Guid Player) : IQuery<FriendIds<TSchema>, Guid>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } = $"select other_id from {TSchema.Schema}.friend_sides where player_id = $1 and status = 'accepted'";

    public void Bind(StatementParameters parameters) => parameters.Add(Player);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}
