using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
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
    public static string Sql => "select pg_advisory_xact_lock(least($1::bigint, $2::bigint)), pg_advisory_xact_lock(greatest($1::bigint, $2::bigint))";

    public void Bind(StatementParameters parameters) => parameters.Add(Key(One)).Add(Key(Other));

    public static bool Read(NpgsqlDataReader row) => true;

    // Of its own kind: nobody else's advisory locks are meant.
    private static long Key(Guid player) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{TSchema.Schema}.friends/{player:D}")));
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
        select id, requester_id, addressee_id, status, behind_block, behind_since, updated_at
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
            row.IsDBNull(4) ? null : row.GetString(4),
            row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5),
            row.GetFieldValue<DateTimeOffset>(6)
        );
}

/// <summary>The row as it is to be, new or not.</summary>
internal sealed record SavePair<TSchema>(FriendPair Pair) : IStatement<SavePair<TSchema>>
    where TSchema : ISchemaOwner
{
    public static string Sql { get; } =
        $"""
        insert into {TSchema.Schema}.friendships (id, requester_id, addressee_id, status, behind_block, behind_since)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (id) do update
        set requester_id = excluded.requester_id, addressee_id = excluded.addressee_id, status = excluded.status,
            behind_block = excluded.behind_block, behind_since = excluded.behind_since
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Pair.Id)
            .Add(Pair.Requester)
            .Add(Pair.Addressee)
            .Add(Pair.Status)
            .AddNullable(Pair.Behind)
            .AddNullable(Pair.BehindSince);
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
    public static string Sql { get; } =
        $"""
        select addressee_id from {TSchema.Schema}.friendships where requester_id = $1 and status = 'accepted'
        union all
        select requester_id from {TSchema.Schema}.friendships where addressee_id = $1 and status = 'accepted'
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Player);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}
