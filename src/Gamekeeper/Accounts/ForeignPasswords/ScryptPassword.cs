using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Gamekeeper.Accounts.ForeignPasswords;

/// <summary>scrypt (RFC 7914) as passlib and the PHC form write it: <c>$scrypt$ln=15,r=8,p=1$salt$hash</c>.</summary>
internal sealed class ScryptPassword(int logN, int r, int p, byte[] salt, byte[] hash) : ForeignPassword
{
    /// <summary>Blocks that are mixed in all, N·r·p; a few seconds of one processor.</summary>
    public const int MaxWork = 1 << 22;

    public override long MemoryBytes => 128L * r << logN;

    public static ScryptPassword Of(string text)
    {
        var phc = PhcText.Parse(text, "ln", "r", "p");
        var (logN, r, p) = (phc.Of("ln", 1, 21), phc.Of("r", 1, 64), phc.Of("p", 1, 64));
        var found = new ScryptPassword(logN, r, p, phc.Salt, phc.Hash);
        if (found.MemoryBytes > MaxMemoryBytes)
            throw new FormatException($"is a password hash that takes {found.MemoryBytes >> 20} MiB to check; it takes at most {MaxMemoryBytes >> 20}");
        return ((long)r * p << logN) <= MaxWork
            ? found
            : throw new FormatException($"is a password hash of {(long)r * p << logN} blocks of work; it takes at most {MaxWork}");
    }

    public override bool Matches(string password)
    {
        var secret = Utf8(password);
        var length = 128 * r;
        var blocks = Rfc2898DeriveBytes.Pbkdf2(secret, salt, 1, HashAlgorithmName.SHA256, length * p);
        // One table for all: each is as large as the bound on memory allows.
        var table = GC.AllocateUninitializedArray<uint>(32 * r << logN);
        for (var i = 0; i < p; i++)
            MixBlock(blocks.AsSpan(i * length, length), table);
        return Same(Rfc2898DeriveBytes.Pbkdf2(secret, blocks, 1, HashAlgorithmName.SHA256, hash.Length), hash);
    }

    private void MixBlock(Span<byte> block, uint[] table)
    {
        var (words, n) = (32 * r, 1 << logN);
        var x = new uint[words];
        var y = new uint[words];
        for (var i = 0; i < words; i++)
            x[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(i * 4)..]);
        for (var i = 0; i < n; i++)
        {
            x.CopyTo(table.AsSpan(i * words));
            Salt(ref x, ref y);
        }
        for (var i = 0; i < n; i++)
        {
            var at = (int)(x[words - 16] & (uint)(n - 1)) * words;
            var row = table.AsSpan(at, words);
            for (var k = 0; k < words; k++)
                x[k] ^= row[k];
            Salt(ref x, ref y);
        }
        for (var i = 0; i < words; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(block[(i * 4)..], x[i]);
    }

    // Salsa20/8 over the 2r blocks, each mixed with the one before; even ones to the front, odd ones behind.
    private void Salt(ref uint[] x, ref uint[] y)
    {
        Span<uint> state = stackalloc uint[16];
        x.AsSpan((2 * r - 1) * 16, 16).CopyTo(state);
        for (var i = 0; i < 2 * r; i++)
        {
            var block = x.AsSpan(i * 16, 16);
            for (var k = 0; k < 16; k++)
                state[k] ^= block[k];
            Salsa(state);
            state.CopyTo(y.AsSpan((i / 2 + i % 2 * r) * 16));
        }
        (x, y) = (y, x);
    }

    private static void Salsa(Span<uint> state)
    {
        unchecked
        {
            Span<uint> w = stackalloc uint[16];
            state.CopyTo(w);
            for (var i = 0; i < 8; i += 2)
            {
                Quarter(ref w[0], ref w[4], ref w[8], ref w[12]);
                Quarter(ref w[5], ref w[9], ref w[13], ref w[1]);
                Quarter(ref w[10], ref w[14], ref w[2], ref w[6]);
                Quarter(ref w[15], ref w[3], ref w[7], ref w[11]);
                Quarter(ref w[0], ref w[1], ref w[2], ref w[3]);
                Quarter(ref w[5], ref w[6], ref w[7], ref w[4]);
                Quarter(ref w[10], ref w[11], ref w[8], ref w[9]);
                Quarter(ref w[15], ref w[12], ref w[13], ref w[14]);
            }
            for (var i = 0; i < 16; i++)
                state[i] += w[i];
        }
    }

    private static void Quarter(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        unchecked
        {
            b ^= BitOperations.RotateLeft(a + d, 7);
            c ^= BitOperations.RotateLeft(b + a, 9);
            d ^= BitOperations.RotateLeft(c + b, 13);
            a ^= BitOperations.RotateLeft(d + c, 18);
        }
    }
}
