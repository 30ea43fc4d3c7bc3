using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Privacy;

/// <summary>
/// The master keys of this process: the active one, which wraps and hashes, and the earlier ones, which still open what they wrapped.
/// Thread-safe.
/// </summary>
public sealed class MasterKeys
{
    private readonly Dictionary<string, MasterKey> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string KeyId, string Purpose), byte[]> _macKeys = new();
    private readonly MasterKey _active;

    /// <exception cref="GamekeeperException">
    /// <c>configuration.missing</c> or <c>configuration.invalid</c>, naming the environment variable.
    /// </exception>
    public MasterKeys(IOptions<MasterKeyOptions> options)
    {
        _active = MasterKey.Parse(options.Value.MasterKey, "Gamekeeper__MasterKey");
        _keys[_active.Id] = _active;
        for (var i = 0; i < options.Value.PreviousMasterKeys.Count; i++)
        {
            var previous = MasterKey.Parse(options.Value.PreviousMasterKeys[i], $"Gamekeeper__PreviousMasterKeys__{i}");
            _keys[previous.Id] = previous;
        }
        Ids = [_active.Id, .. _keys.Keys.Where(id => id != _active.Id).Order(StringComparer.Ordinal)];
    }

    /// <summary>The key that wraps what is written now.</summary>
    public string ActiveId => _active.Id;

    /// <summary>All keys that can be read with, the active one first.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>Wraps a secret under the active key.</summary>
    /// <param name="secret">At most a few kilobytes.</param>
    /// <param name="purpose">What and whose it is, such as <c>account-key:…</c>; must be given again to open it.</param>
    public WrappedSecret Wrap(ReadOnlySpan<byte> secret, string purpose) => new(_active.Id, _active.Wrap(secret, purpose));

    /// <summary>Opens a wrapped secret.</summary>
    /// <exception cref="GamekeeperException">
    /// <c>privacy.master-key-unknown</c>: wrapped under a key that is not configured. <c>privacy.cannot-decrypt</c>: altered or moved.
    /// </exception>
    public byte[] Unwrap(WrappedSecret wrapped, string purpose) => Key(wrapped.MasterKeyId).Unwrap(wrapped.Bytes, purpose);

    /// <summary>Wraps again under the active key what was wrapped under another.</summary>
    public WrappedSecret Rewrap(WrappedSecret wrapped, string purpose)
    {
        var secret = Unwrap(wrapped, purpose);
        try
        {
            return Wrap(secret, purpose);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>A keyed hash (HMAC-SHA256, 32 bytes) that only a holder of the master key can make.</summary>
    /// <exception cref="GamekeeperException"><c>privacy.master-key-unknown</c>.</exception>
    public byte[] Mac(string keyId, string purpose, ReadOnlySpan<byte> data) =>
        HMACSHA256.HashData(_macKeys.GetOrAdd((keyId, purpose), k => Key(k.KeyId).Derive("mac/" + k.Purpose)), data);

    private MasterKey Key(string id) =>
        _keys.TryGetValue(id, out var key)
            ? key
            : throw new GamekeeperException(
                "privacy.master-key-unknown",
                $"A value is protected under master key {id}, which is not configured; configured are {string.Join(", ", Ids)}. "
                    + "Set Gamekeeper__MasterKey to the key this database was made with, or add it as Gamekeeper__PreviousMasterKeys__0."
            );
}

/// <summary>A secret as it may stand in the database.</summary>
/// <param name="MasterKeyId">The key that opens it.</param>
/// <param name="Bytes">The sealed form.</param>
public sealed record WrappedSecret(string MasterKeyId, byte[] Bytes);
