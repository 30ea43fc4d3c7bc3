using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Gamekeeper.Integrity;

/// <summary>
/// One ECDSA P-256 key. Thread-safe: the framework's key objects are not, so each operation borrows one of its own.
/// </summary>
public sealed class SigningKey
{
    private readonly byte[] _publicKey;
    private readonly byte[]? _privateKey;
    private readonly ConcurrentBag<ECDsa> _idle = [];

    internal SigningKey(string id, byte[] publicKey, byte[]? privateKey) => (Id, _publicKey, _privateKey) = (id, publicKey, privateKey);

    /// <summary>Eight hex digits; stands beside every signature.</summary>
    public string Id { get; }

    /// <summary>Signs SHA-256 of the data; 64 bytes, r then s, big-endian (IEEE P1363).</summary>
    /// <exception cref="InvalidOperationException">The key is retired and only verifies.</exception>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        if (_privateKey is null)
            throw new InvalidOperationException($"Signing key {Id} is retired; it verifies and never signs.");
        var ecdsa = Borrow();
        var signature = ecdsa.SignData(data, HashAlgorithmName.SHA256);
        _idle.Add(ecdsa);
        return signature;
    }

    /// <summary>Tells whether this key made the signature over exactly this data.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var ecdsa = Borrow();
        var good = ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA256);
        _idle.Add(ecdsa);
        return good;
    }

    internal static string IdOf(byte[] publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey))[..8];

    private ECDsa Borrow()
    {
        if (_idle.TryTake(out var idle))
            return idle;
        var ecdsa = ECDsa.Create();
        if (_privateKey is not null)
            ecdsa.ImportPkcs8PrivateKey(_privateKey, out _);
        else
            ecdsa.ImportSubjectPublicKeyInfo(_publicKey, out _);
        return ecdsa;
    }
}
