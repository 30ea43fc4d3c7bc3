using System.Diagnostics.CodeAnalysis;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>
/// What a card and each of its events carry: the id of the key that signed the operation, and the event's SHA-256. As text it is
/// <c>keyid:hash</c> in lower-case hex, never shorter than 64 characters.
/// </summary>
public readonly record struct CardSignature
{
    private const int HashLength = 32;

    /// <exception cref="ArgumentException">The hash is not 32 bytes.</exception>
    public CardSignature(string keyId, byte[] hash)
    {
        if (hash.Length != HashLength)
            throw new ArgumentException($"An event's hash is {HashLength} bytes, not {hash.Length}.", nameof(hash));
        (KeyId, Hash) = (keyId, hash);
    }

    /// <summary>The signing key.</summary>
    public string KeyId { get; }

    /// <summary>SHA-256 of the event, 32 bytes.</summary>
    public byte[] Hash { get; }

    /// <summary>Reads the text form; false when it is not one (a signature of an older format, or a damaged one).</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CardSignature signature)
    {
        signature = default;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon < 1 || text!.Length - colon - 1 != HashLength * 2)
            return false;
        var hash = new byte[HashLength];
        var digits = text.AsSpan(colon + 1);
        // Upper case would be a second spelling of the same signature, and two spellings are one too many.
        if (digits.ContainsAnyInRange('A', 'F') || Convert.FromHexString(digits, hash, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        signature = new CardSignature(text[..colon], hash);
        return true;
    }

    /// <inheritdoc />
    public override string ToString() => $"{KeyId}:{Convert.ToHexStringLower(Hash)}";

    /// <inheritdoc />
    public bool Equals(CardSignature other) => KeyId == other.KeyId && Hash.AsSpan().SequenceEqual(other.Hash);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(KeyId, BitConverter.ToInt32(Hash, 0));
}
