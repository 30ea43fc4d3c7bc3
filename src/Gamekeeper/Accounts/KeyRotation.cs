using Gamekeeper.Integrity;
using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>
/// Brings everything under the active master key. Before: the new key is configured as master key on every node, the old one as a
/// previous key. Meanwhile both are read, and newcomers' addresses stand under both. After: the old key is taken out of the
/// configuration everywhere, and a last run removes the address hashes nobody can make any more.
/// </summary>
public sealed class KeyRotation(
    GameDatabase database,
    MasterKeys masterKeys,
    AccountSecrets secrets,
    SigningKeyRing signingKeys,
    KeyRingStore keyRing,
    TimeProvider clock
)
{
    /// <summary>Works in bites of a transaction each until nothing is left. Safe to repeat, to interrupt and to run twice at once.</summary>
    /// <param name="biteSize">Accounts a transaction. Default 500, 1 to 10 000.</param>
    /// <param name="cancellationToken">Ends the work between bites.</param>
    public async Task<KeyRotationReport> RunAsync(int biteSize = 500, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(biteSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(biteSize, 10_000);
        var systemKeys = await WriteAsync(
            async (unit, ct) => await signingKeys.RewrapAsync(unit, ct) + await keyRing.RewrapAsync(unit, ct),
            cancellationToken
        );
        var accountKeys = await RepeatAsync((unit, ct) => secrets.RewrapAsync(unit, biteSize, ct), biteSize, cancellationToken);
        var addresses = await RehashAllAsync(biteSize, cancellationToken);
        var forgotten = await WriteAsync(
            async (unit, ct) => (await unit.ListAsync(new ForgetHashes([.. masterKeys.Ids]), ct)).Count,
            cancellationToken
        );
        return new(masterKeys.ActiveId, systemKeys, accountKeys, addresses, forgotten);
    }

    private async Task<long> RehashAllAsync(int biteSize, CancellationToken cancellationToken)
    {
        long done = 0;
        var after = Guid.Empty;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var bite = await WriteAsync((unit, ct) => RehashAsync(unit, after, biteSize, ct), cancellationToken);
            if (bite is not { } last)
                return done;
            (after, done) = (last.Last, done + last.Count);
        }
    }

    private async Task<(Guid Last, int Count)?> RehashAsync(UnitOfWork unit, Guid after, int limit, CancellationToken cancellationToken)
    {
        var accounts = await unit.ListAsync(new FindWithoutHash(masterKeys.ActiveId, after, limit), cancellationToken);
        foreach (var (account, ciphertext, wrapped) in accounts)
        {
            var address = EmailAddress.Parse(secrets.Open(account, wrapped)!.Decrypt(AccountRow.EmailColumn, ciphertext));
            unit.Enqueue(new AddHash(account, EmailHash.Of(address, masterKeys)));
        }
        return accounts.Count == 0 ? null : (accounts[^1].Account, accounts.Count);
    }

    private async Task<long> RepeatAsync(
        Func<UnitOfWork, CancellationToken, Task<int>> bite,
        int biteSize,
        CancellationToken cancellationToken
    )
    {
        long done = 0;
        int changed;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            changed = await WriteAsync(bite, cancellationToken);
            done += changed;
        } while (changed == biteSize);
        return done;
    }

    private Task<T> WriteAsync<T>(Func<UnitOfWork, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Actor.System(clock),
            (unit, ct) =>
            {
                unit.MarkRepeatable();
                return work(unit, ct);
            },
            cancellationToken
        );
}

/// <summary>What a rotation did.</summary>
/// <param name="MasterKeyId">The key everything is under now.</param>
/// <param name="SystemKeys">Signing keys and key-ring entries wrapped anew.</param>
/// <param name="AccountKeys">Data keys of accounts wrapped anew.</param>
/// <param name="Addresses">E-mail addresses hashed anew.</param>
/// <param name="ForgottenHashes">Hashes removed because their key is not configured any more.</param>
public sealed record KeyRotationReport(string MasterKeyId, int SystemKeys, long AccountKeys, long Addresses, int ForgottenHashes);

file sealed record FindWithoutHash(string ActiveKey, Guid After, int Limit)
    : IQuery<FindWithoutHash, (Guid Account, byte[] Ciphertext, WrappedSecret Key)>
{
    // Walks the accounts by key, so that a resumed or repeated run costs one pass. Erased accounts have no key and stay out.
    // Locked against a change of address meanwhile.
    public static string Sql =>
        """
        select a.id, a.email_ciphertext, k.master_key_id, k.wrapped_key
        from core.accounts a
        join core.account_keys k on k.account_id = a.id and k.wrapped_key is not null
        where a.id > $2
          and a.email_ciphertext is not null
          and not exists (select from core.email_hashes h where h.account_id = a.id and h.key_id = $1)
        order by a.id
        limit $3
        for no key update of a
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(ActiveKey).Add(After).Add(Limit);

    public static (Guid Account, byte[] Ciphertext, WrappedSecret Key) Read(NpgsqlDataReader row) =>
        (row.GetGuid(0), row.GetFieldValue<byte[]>(1), new(row.GetString(2), row.GetFieldValue<byte[]>(3)));
}

file sealed record AddHash(Guid Account, EmailHash Hash) : IStatement<AddHash>
{
    // Another run may have been here first; the same address under the same key is the same row.
    public static string Sql =>
        """
        insert into core.email_hashes (key_id, email_hash, account_id)
        values ($1, $2, $3)
        on conflict (account_id, key_id) do nothing
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Hash.KeyId).Add(Hash.Hash).Add(Account);
}

file sealed record ForgetHashes(string[] Configured) : IQuery<ForgetHashes, string>
{
    // Only where the account stands under a configured key too: an address must never lose its last hash.
    public static string Sql =>
        """
        delete from core.email_hashes h
        where not h.key_id = any($1)
          and exists (select from core.email_hashes k where k.account_id = h.account_id and k.key_id = any($1))
        returning h.key_id
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Configured);

    public static string Read(NpgsqlDataReader row) => row.GetString(0);
}
