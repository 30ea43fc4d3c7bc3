using System.Security.Cryptography;

namespace Gamekeeper.Paging;

/// <summary>
/// The key under which cursors are sealed. All nodes of a cluster use the same one, since the next page may be asked of another node;
/// after a change of the key, open cursors are refused as altered and their lists are begun anew.
/// </summary>
public sealed class CursorKey
{
    /// <summary>Bytes of a key.</summary>
    public const int Length = 32;

    internal const int SealLength = 16;

    private readonly byte[] _key;

    /// <exception cref="ArgumentException">The key is not 32 bytes long.</exception>
    public CursorKey(ReadOnlySpan<byte> key) =>
        _key = key.Length == Length
            ? key.ToArray()
            : throw new ArgumentException($"A cursor key has {Length} bytes; these are {key.Length}.", nameof(key));

    /// <summary>The cursor key that belongs to a master key, by HKDF-SHA256; the master key cannot be found from it.</summary>
    /// <exception cref="ArgumentException">The master key is shorter than 32 bytes.</exception>
    public static CursorKey DerivedFrom(ReadOnlySpan<byte> masterKey)
    {
        if (masterKey.Length < Length)
            throw new ArgumentException($"A master key has at least {Length} bytes; these are {masterKey.Length}.", nameof(masterKey));
        Span<byte> derived = stackalloc byte[Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, derived, salt: [], info: "gamekeeper/paging/cursor/1"u8);
        return new(derived);
    }

    internal void Seal(ReadOnlySpan<byte> content, Span<byte> seal)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, content, whole);
        whole[..SealLength].CopyTo(seal);
    }

    internal bool IsSealOf(ReadOnlySpan<byte> content, ReadOnlySpan<byte> seal)
    {
        Span<byte> expected = stackalloc byte[SealLength];
        Seal(content, expected);
        return CryptographicOperations.FixedTimeEquals(expected, seal);
    }
}
