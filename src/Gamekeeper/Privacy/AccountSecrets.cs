using System.Security.Cryptography;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Privacy;

/// <summary>
/// Data keys of accounts. Each personal value is encrypted under its account's own key, and that key is wrapped by a master key:
/// destroying one row makes every value of one account unreadable, here and in every backup that is restored later. Thread-safe.
/// </summary>
public sealed class AccountSecrets(MasterKeys masterKeys)
{
    /// <summary>Makes an account's key and lets it be stored with the next round trip of the unit.</summary>
    /// <remarks>The account must be written in the same transaction, before this.</remarks>
    public AccountKey Create(UnitOfWork unit, Guid account)
    {
        var key = Make(account, out var wrapped);
        Store(unit, account, wrapped);
        return key;
    }

    /// <summary>The account's key; null when the account has none, or when it was destroyed.</summary>
    public async Task<AccountKey?> FindAsync(StatementQueue queue, Guid account, CancellationToken cancellationToken)
    {
        var wrapped = await queue.FirstAsync(new FindAccountKey(account), cancellationToken);
        return Open(account, wrapped);
    }

    /// <summary>Destroys the account's key: what was encrypted under it can never be read again. Safe to repeat.</summary>
    public void Destroy(UnitOfWork unit, Guid account) => unit.Enqueue(new DestroyAccountKey(account));

    /// <summary>Wraps up to <paramref name="limit"/> keys anew that are still under an earlier master key; how many it did.</summary>
    public async Task<int> RewrapAsync(UnitOfWork unit, int limit, CancellationToken cancellationToken)
    {
        var stale = await unit.ListAsync(new FindStaleAccountKeys(masterKeys.ActiveId, limit), cancellationToken);
        foreach (var (account, wrapped) in stale)
        {
            var fresh = masterKeys.Rewrap(wrapped, Purpose(account));
            unit.Enqueue(new RewrapAccountKey(account, fresh));
        }
        return stale.Count;
    }

    internal AccountKey Make(Guid account, out WrappedSecret wrapped)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        wrapped = masterKeys.Wrap(key, Purpose(account));
        return new AccountKey(account, key);
    }

    internal static void Store(UnitOfWork unit, Guid account, WrappedSecret wrapped) => unit.Enqueue(new InsertAccountKey(account, wrapped));

    internal static void Store(UnitOfWork unit, IReadOnlyList<(Guid Account, WrappedSecret Key)> keys) => unit.Enqueue(new InsertAccountKeys(keys));

    internal AccountKey? Open(Guid account, WrappedSecret? wrapped) =>
        wrapped is null ? null : new AccountKey(account, masterKeys.Unwrap(wrapped, Purpose(account)));

    private static string Purpose(Guid account) => $"account-key:{account:N}";
}

file sealed record InsertAccountKey(Guid Account, WrappedSecret Key) : IStatement<InsertAccountKey>
{
    public static string Sql => "insert into core.account_keys (account_id, wrapped_key, master_key_id) values ($1, $2, $3)";

    public void Bind(StatementParameters parameters) => parameters.Add(Account).Add(Key.Bytes).Add(Key.MasterKeyId);
}

file sealed record InsertAccountKeys(IReadOnlyList<(Guid Account, WrappedSecret Key)> Keys) : IStatement<InsertAccountKeys>
{
    public static string Sql =>
        "insert into core.account_keys (account_id, wrapped_key, master_key_id) select * from unnest($1::uuid[], $2::bytea[], $3::text[])";

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Keys.Select(k => k.Account).ToArray())
            .Add(Keys.Select(k => k.Key.Bytes).ToArray(), NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Bytea)
            .Add(Keys.Select(k => k.Key.MasterKeyId).ToArray());
}

file sealed record FindAccountKey(Guid Account) : IQuery<FindAccountKey, WrappedSecret>
{
    public static string Sql =>
        "select master_key_id, wrapped_key from core.account_keys where account_id = $1 and wrapped_key is not null";

    public void Bind(StatementParameters parameters) => parameters.Add(Account);

    public static WrappedSecret Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetFieldValue<byte[]>(1));
}

file sealed record DestroyAccountKey(Guid Account) : IStatement<DestroyAccountKey>
{
    public static string Sql =>
        """
        update core.account_keys
        set wrapped_key = null, master_key_id = null, destroyed_at = now()
        where account_id = $1 and destroyed_at is null
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Account);
}

file sealed record FindStaleAccountKeys(string ActiveKey, int Limit) : IQuery<FindStaleAccountKeys, (Guid Account, WrappedSecret Key)>
{
    // Two ranges instead of <>, so that the index on the key id finds the few that are left among millions that are done.
    // Locked, and passed over when locked: several rotations may run, and an erasure must not be undone by one.
    public static string Sql =>
        """
        select account_id, master_key_id, wrapped_key
        from core.account_keys
        where (master_key_id < $1 or master_key_id > $1)
          and wrapped_key is not null
        limit $2
        for update skip locked
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(ActiveKey).Add(Limit);

    public static (Guid Account, WrappedSecret Key) Read(NpgsqlDataReader row) =>
        (row.GetGuid(0), new(row.GetString(1), row.GetFieldValue<byte[]>(2)));
}

file sealed record RewrapAccountKey(Guid Account, WrappedSecret Key) : IStatement<RewrapAccountKey>
{
    public static string Sql => "update core.account_keys set wrapped_key = $2, master_key_id = $3 where account_id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Account).Add(Key.Bytes).Add(Key.MasterKeyId);
}
