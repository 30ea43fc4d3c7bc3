using System.Numerics;

namespace Gamekeeper.Accounts.ForeignPasswords;

/// <summary>
/// The cipher inside bcrypt, with the key schedule that bcrypt repeats. Its initial state is the fraction of pi in binary, which is
/// computed here instead of being written down as four kilobytes of digits.
/// </summary>
internal sealed class Blowfish
{
    private const int Rounds = 18;
    private const int Boxes = 4 * 256;

    private static readonly Lazy<uint[]> Pi = new(() => FractionOfPi(Rounds + Boxes));

    private readonly uint[] _p = Pi.Value[..Rounds];
    private readonly uint[] _s = Pi.Value[Rounds..];

    /// <summary>Mixes in a key.</summary>
    public void Mix(ReadOnlySpan<byte> key) => Mix(key, default);

    /// <summary>Mixes in a key and, while the state is rewritten, 16 bytes of salt.</summary>
    public void Mix(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        var at = 0;
        for (var i = 0; i < Rounds; i++)
            _p[i] ^= NextWord(key, ref at);
        at = 0;
        var (left, right) = (0u, 0u);
        Rewrite(_p, salt, ref at, ref left, ref right);
        Rewrite(_s, salt, ref at, ref left, ref right);
    }

    public void Encrypt(ref uint left, ref uint right)
    {
        unchecked
        {
            var (p, s) = (_p, _s);
            var (l, r) = (left, right);
            for (var i = 0; i < 16; i += 2)
            {
                l ^= p[i];
                r ^= ((s[l >> 24] + s[256 + (l >> 16 & 0xFF)]) ^ s[512 + (l >> 8 & 0xFF)]) + s[768 + (l & 0xFF)];
                r ^= p[i + 1];
                l ^= ((s[r >> 24] + s[256 + (r >> 16 & 0xFF)]) ^ s[512 + (r >> 8 & 0xFF)]) + s[768 + (r & 0xFF)];
            }
            (left, right) = (r ^ p[17], l ^ p[16]);
        }
    }

    private void Rewrite(uint[] state, ReadOnlySpan<byte> salt, ref int at, ref uint left, ref uint right)
    {
        for (var i = 0; i < state.Length; i += 2)
        {
            if (!salt.IsEmpty)
            {
                left ^= NextWord(salt, ref at);
                right ^= NextWord(salt, ref at);
            }
            Encrypt(ref left, ref right);
            (state[i], state[i + 1]) = (left, right);
        }
    }

    // Big-endian, over and over from the beginning.
    private static uint NextWord(ReadOnlySpan<byte> bytes, ref int at)
    {
        var word = 0u;
        for (var i = 0; i < 4; i++)
        {
            word = word << 8 | bytes[at];
            at = at + 1 == bytes.Length ? 0 : at + 1;
        }
        return word;
    }

    // Machin: pi = 16 arctan(1/5) - 4 arctan(1/239), in fixed point with room for what the divisions round away.
    private static uint[] FractionOfPi(int words)
    {
        const int guard = 64;
        var bits = words * 32 + guard;
        var fraction = ((16 * ArcTangentOfInverse(5, bits)) - (4 * ArcTangentOfInverse(239, bits)) - (new BigInteger(3) << bits)) >> guard;
        var bytes = fraction.ToByteArray(isUnsigned: true, isBigEndian: true);
        var found = new uint[words];
        // The first digits are 0x243F…, so no leading byte is missing.
        for (var i = 0; i < words; i++)
            found[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(i * 4));
        return found;
    }

    private static BigInteger ArcTangentOfInverse(int x, int bits)
    {
        var power = (BigInteger.One << bits) / x;
        var sum = power;
        for (var n = 3; !power.IsZero; n += 2)
        {
            power /= x * x;
            sum += n % 4 == 3 ? -(power / n) : power / n;
        }
        return sum;
    }
}
