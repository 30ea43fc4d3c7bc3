using System.Security.Cryptography;
using Gamekeeper.Auditing;
using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Integrity;

/// <summary>
/// The keys that sign histories. Loaded at first use; the first one is made when there is none, by whichever node comes first. Another
/// node's rotation is noticed within a minute, and at once when one of its signatures turns up. Thread-safe; one per process.
/// </summary>
public sealed partial class SigningKeyRing(
    GameDatabase database,
    MasterKeys masterKeys,
    TimeProvider clock,
    ILogger<SigningKeyRing> logger
) : IDisposable
{
    private static readonly TimeSpan LoadedFor = TimeSpan.FromMinutes(1);
    // An unknown id in a forged row must not turn every check into a query.
    private static readonly TimeSpan ReloadAtMostEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile Loaded? _loaded;
    private int _refreshing;

    /// <summary>The key that signs now. Take it once for each operation: id and signature must be of one key.</summary>
    /// <exception cref="GamekeeperException"><c>privacy.master-key-unknown</c>: the stored key is wrapped under another master key.</exception>
    /// <remarks>
    /// Asked inside of transactions, which hold a connection and locks: once loaded it never waits, and looks for a rotation aside.
    /// Call it once before the first transaction.
    /// </remarks>
    public async ValueTask<SigningKey> ActiveAsync(CancellationToken cancellationToken = default)
    {
        if (_loaded is not { } known)
            return (await LoadedAsync(LoadedFor, cancellationToken)).Active;
        if (clock.GetElapsedTime(known.At) >= LoadedFor && Interlocked.CompareExchange(ref _refreshing, 1, 0) == 0)
            _ = RefreshAsync();
        return known.Active;
    }

    /// <summary>Checks a signature of any key, active or retired.</summary>
    public async ValueTask<SignatureVerdict> VerifyAsync(
        string keyId,
        ReadOnlyMemory<byte> data,
        ReadOnlyMemory<byte> signature,
        CancellationToken cancellationToken = default
    )
    {
        var key = await FindAsync(keyId, cancellationToken);
        return key is null ? SignatureVerdict.UnknownKey
            : key.Verify(data.Span, signature.Span) ? SignatureVerdict.Good
            : SignatureVerdict.Bad;
    }

    /// <summary>One key by its id, to check many signatures without waiting for each; null when nobody knows it.</summary>
    public async ValueTask<SigningKey?> FindAsync(string keyId, CancellationToken cancellationToken = default)
    {
        var loaded = await LoadedAsync(TimeSpan.MaxValue, cancellationToken);
        if (loaded.Keys.TryGetValue(keyId, out var key))
            return key;
        loaded = await LoadedAsync(ReloadAtMostEvery, cancellationToken);
        return loaded.Keys.GetValueOrDefault(keyId);
    }

    /// <summary>Every key's public half, oldest first, read anew: what an outsider needs to verify anything.</summary>
    public async Task<IReadOnlyList<PublicSigningKey>> PublicKeysAsync(CancellationToken cancellationToken = default)
    {
        var loaded = await LoadedAsync(TimeSpan.Zero, cancellationToken);
        var rows = await database.ListAsync(new FindSigningKeys(), cancellationToken);
        return [.. rows.Where(r => loaded.Keys.ContainsKey(r.Id)).Select(r => new PublicSigningKey(r.Id, PemEncoding.WriteString("PUBLIC KEY", r.PublicKey), r.CreatedAt, r.RetiredAt))];
    }

    /// <summary>Retires the active key and makes a new one; what the old one signed stays verifiable. Answers the new key's id.</summary>
    public async Task<string> RotateAsync(Actor actor, CancellationToken cancellationToken = default)
    {
        if (actor.Kind is not (ActorKind.Operator or ActorKind.System))
            throw new ArgumentException("Signing keys are rotated by operators or by the system.", nameof(actor));
        var fresh = Make();
        await database.WriteAsync(
            actor,
            (unit, _) =>
            {
                unit.Enqueue(new LockSigningKeys());
                unit.Enqueue(new RetireSigningKeys());
                unit.Enqueue(fresh);
                unit.Enqueue(new WriteActivity<CoreSchema>(actor, new("signing-key.rotate", fresh.Id)));
                return Task.CompletedTask;
            },
            cancellationToken
        );
        await LoadedAsync(TimeSpan.Zero, cancellationToken);
        return fresh.Id;
    }

    /// <summary>Wraps every private key anew that is still under an earlier master key; how many it did.</summary>
    public async Task<int> RewrapAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        var stale = (await unit.ListAsync(new FindSigningKeys(), cancellationToken))
            .Where(k => k.PrivateKey.MasterKeyId != masterKeys.ActiveId)
            .ToList();
        foreach (var key in stale)
            unit.Enqueue(new RewrapSigningKey(key.Id, masterKeys.Rewrap(key.PrivateKey, Purpose(key.Id))));
        return stale.Count;
    }

    /// <inheritdoc />
    public void Dispose() => _loading.Dispose();

    private async Task RefreshAsync()
    {
        try
        {
            await LoadedAsync(LoadedFor, CancellationToken.None);
        }
        catch (Exception failure) when (failure is GamekeeperException or Npgsql.NpgsqlException)
        {
            LogRefreshFailed(logger, failure.Message);
        }
        finally
        {
            Volatile.Write(ref _refreshing, 0);
        }
    }

    [LoggerMessage(330, LogLevel.Warning, "Signing keys could not be read again; the known ones go on: {Reason}")]
    private static partial void LogRefreshFailed(ILogger logger, string reason);

    private async ValueTask<Loaded> LoadedAsync(TimeSpan youngerThan, CancellationToken cancellationToken)
    {
        var known = _loaded;
        if (known is not null && clock.GetElapsedTime(known.At) < youngerThan)
            return known;
        await _loading.WaitAsync(cancellationToken);
        try
        {
            // Whoever waited here for another's load takes what that one found.
            if (_loaded is { } loaded && !ReferenceEquals(loaded, known) && clock.GetElapsedTime(loaded.At) < youngerThan)
                return loaded;
            return _loaded = await LoadAsync(cancellationToken);
        }
        finally
        {
            _loading.Release();
        }
    }

    private async Task<Loaded> LoadAsync(CancellationToken cancellationToken)
    {
        var at = clock.GetTimestamp();
        var rows = await database.ListAsync(new FindSigningKeys(), cancellationToken);
        if (rows.All(r => r.RetiredAt is not null))
        {
            var first = Make();
            await database.WriteAsync(
                Actor.System(clock),
                (unit, _) =>
                {
                    unit.MarkRepeatable();
                    unit.Enqueue(new LockSigningKeys());
                    unit.Enqueue(first);
                    return Task.CompletedTask;
                },
                cancellationToken
            );
            rows = await database.ListAsync(new FindSigningKeys(), cancellationToken);
        }
        var keys = rows.Select(Open).OfType<SigningKey>().ToDictionary(k => k.Id, StringComparer.Ordinal);
        return new Loaded(at, keys[rows.Single(r => r.RetiredAt is null).Id], keys);
    }

    // A public key is believed only because the master key vouches for it: the private half opens under that key and belongs to this
    // public half. Whoever writes a row of their own into the table has an unknown key, not a trusted one.
    private SigningKey? Open(StoredSigningKey row)
    {
        byte[] privateKey;
        try
        {
            privateKey = masterKeys.Unwrap(row.PrivateKey, Purpose(row.Id));
        }
        catch (GamekeeperException forged) when (forged.Code != "privacy.master-key-unknown" && row.RetiredAt is not null)
        {
            return null;
        }
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(privateKey, out _);
        var isOurs = ecdsa.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(row.PublicKey) && SigningKey.IdOf(row.PublicKey) == row.Id;
        if (!isOurs && row.RetiredAt is null)
            throw new GamekeeperException(
                "integrity.signing-key-forged",
                $"The active signing key {row.Id} is not the one that was made under the master key; somebody altered core.signing_keys. Nothing is signed."
            );
        return isOurs ? new SigningKey(row.Id, row.PublicKey, row.RetiredAt is null ? privateKey : null) : null;
    }

    private InsertSigningKey Make()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = ecdsa.ExportSubjectPublicKeyInfo();
        var id = SigningKey.IdOf(publicKey);
        return new InsertSigningKey(id, publicKey, masterKeys.Wrap(ecdsa.ExportPkcs8PrivateKey(), Purpose(id)));
    }

    private static string Purpose(string id) => $"signing-key:{id}";

    private sealed record Loaded(long At, SigningKey Active, IReadOnlyDictionary<string, SigningKey> Keys);
}

/// <summary>What a check of a signature found.</summary>
public enum SignatureVerdict
{
    /// <summary>Made by that key over exactly this data.</summary>
    Good,

    /// <summary>Not made by that key over this data.</summary>
    Bad,

    /// <summary>No such key.</summary>
    UnknownKey,
}

/// <summary>The public half of a signing key.</summary>
/// <param name="Id">Eight hex digits.</param>
/// <param name="Pem">SubjectPublicKeyInfo as PEM.</param>
/// <param name="CreatedAt">Since when it signs.</param>
/// <param name="RetiredAt">Since when it only verifies; null for the active one.</param>
public sealed record PublicSigningKey(string Id, string Pem, DateTimeOffset CreatedAt, DateTimeOffset? RetiredAt);
