using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Integrity;

/// <summary>A signing key as it is stored.</summary>
internal sealed record StoredSigningKey(
    string Id,
    byte[] PublicKey,
    WrappedSecret PrivateKey,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RetiredAt
);

internal sealed record FindSigningKeys : IQuery<FindSigningKeys, StoredSigningKey>
{
    public static string Sql =>
        """
        select id, public_key, master_key_id, wrapped_private_key, created_at, retired_at
        from core.signing_keys
        order by created_at, id
        """;

    public void Bind(StatementParameters parameters) { }

    public static StoredSigningKey Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetFieldValue<byte[]>(1),
            new(row.GetString(2), row.GetFieldValue<byte[]>(3)),
            row.GetFieldValue<DateTimeOffset>(4),
            row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5)
        );
}

/// <summary>Adds a key unless one is active: of two nodes that start together on an empty table, one adds and the other adopts.</summary>
internal sealed record InsertSigningKey(string Id, byte[] PublicKey, WrappedSecret PrivateKey) : IStatement<InsertSigningKey>
{
    public static string Sql =>
        """
        insert into core.signing_keys (id, public_key, wrapped_private_key, master_key_id)
        values ($1, $2, $3, $4)
        on conflict do nothing
        """;

    public void Bind(StatementParameters parameters) =>
        parameters.Add(Id).Add(PublicKey).Add(PrivateKey.Bytes).Add(PrivateKey.MasterKeyId);
}

internal sealed record RetireSigningKeys : IStatement<RetireSigningKeys>
{
    public static string Sql => "update core.signing_keys set retired_at = now() where retired_at is null";

    public void Bind(StatementParameters parameters) { }
}

/// <summary>Held until commit: two rotations at once would each retire the other's key or meet at the index of the active one.</summary>
internal sealed record LockSigningKeys : IQuery<LockSigningKeys, bool>
{
    public static string Sql => "select pg_advisory_xact_lock(hashtextextended('core.signing_keys', 0)) is not null";

    public void Bind(StatementParameters parameters) { }

    public static bool Read(NpgsqlDataReader row) => true;
}

internal sealed record RewrapSigningKey(string Id, WrappedSecret PrivateKey) : IStatement<RewrapSigningKey>
{
    public static string Sql => "update core.signing_keys set wrapped_private_key = $2, master_key_id = $3 where id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Id).Add(PrivateKey.Bytes).Add(PrivateKey.MasterKeyId);
}
