using System.Security.Cryptography;

namespace Gamekeeper.Privacy;

/// <summary>One master key: 32 bytes that wrap other keys and from which the keys of keyed hashes are derived.</summary>
public sealed class MasterKey
{
    private const int Length = 32;

    private readonly byte[] _bytes;
    private readonly byte[] _wrapKey;

    private MasterKey(byte[] bytes)
    {
        _bytes = bytes;
        _wrapKey = Derive("wrap");
        Id = Convert.ToHexStringLower(SHA256.HashData(bytes))[..8];
    }

    /// <summary>First eight hex digits of the SHA-256 of the key: stands beside everything it wraps.</summary>
    public string Id { get; }

    /// <summary>Reads a key from base64.</summary>
    /// <param name="base64">What was configured.</param>
    /// <param name="variable">The environment variable to name when it is missing or malformed.</param>
    /// <exception cref="GamekeeperException"><c>configuration.missing</c>, <c>configuration.invalid</c>.</exception>
    public static MasterKey Parse(string? base64, string variable)
    {
        if (string.IsNullOrWhiteSpace(base64))
            throw new GamekeeperException(
                "configuration.missing",
                $"{variable} is not set. It takes 32 random bytes in base64; 'openssl rand -base64 32' makes one. Keep it apart from the backups."
            );
        var bytes = new byte[Length];
        if (!Convert.TryFromBase64String(base64.Trim(), bytes, out var written) || written != Length)
            throw new GamekeeperException(
                "configuration.invalid",
                $"{variable} is not 32 bytes in base64 (44 characters); 'openssl rand -base64 32' makes one."
            );
        return new MasterKey(bytes);
    }

    /// <summary>A new random key, in the form in which it is configured.</summary>
    public static string NewText() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length));

    internal byte[] Wrap(ReadOnlySpan<byte> secret, string purpose) => KeyWrap.Seal(_wrapKey, secret, purpose);

    internal byte[] Unwrap(ReadOnlySpan<byte> wrapped, string purpose) => KeyWrap.Open(_wrapKey, wrapped, purpose);

    // One key a purpose, so that a hash made for one can never stand in for another.
    internal byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _bytes, Length, info: System.Text.Encoding.UTF8.GetBytes($"gamekeeper/{purpose}/v1"));
}
