using System.Runtime.CompilerServices;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>
/// A signature that becomes text when somebody asks: most readers of a collection never do, and the text is more than half of a card. One of
/// another form than <see cref="CardSignature"/> is its text.
/// </summary>
internal readonly struct SignatureText : IEquatable<SignatureText>
{
    public const int HashLength = 32;

    // The id of the key where the hash is there, else the whole text.
    private readonly string _text;
    private readonly Hash _hash;
    private readonly bool _isPacked;

    public SignatureText(string text) => _text = text;

    /// <param name="keyId">The signing key.</param>
    /// <param name="hash">32 bytes; copied.</param>
    public SignatureText(string keyId, ReadOnlySpan<byte> hash)
    {
        (_text, _isPacked) = (keyId, true);
        hash.CopyTo(_hash);
    }

    /// <summary>Made anew each time where the hash is there.</summary>
    public override string ToString() =>
        _isPacked
            ? string.Create(
                _text.Length + 1 + 2 * HashLength,
                this,
                static (text, signature) =>
                {
                    signature._text.CopyTo(text);
                    text[signature._text.Length] = ':';
                    Convert.TryToHexStringLower(signature._hash, text[(signature._text.Length + 1)..], out _);
                }
            )
            : _text;

    public bool Equals(SignatureText other) =>
        _isPacked && other._isPacked ? _text == other._text && ((ReadOnlySpan<byte>)_hash).SequenceEqual(other._hash) : ToString() == other.ToString();

    public override bool Equals(object? obj) => obj is SignatureText other && Equals(other);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    [InlineArray(HashLength)]
    private struct Hash
    {
        private byte _first;
    }
}
