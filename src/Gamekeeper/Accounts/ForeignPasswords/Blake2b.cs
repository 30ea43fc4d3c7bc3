using System.Buffers.Binary;
using System.Numerics;

namespace Gamekeeper.Accounts.ForeignPasswords;

/// <summary>BLAKE2b (RFC 7693) without a key, which Argon2 is made of.</summary>
internal static class Blake2b
{
    private const int BlockLength = 128;

    private static readonly ulong[] Start =
    [
        0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
        0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
    ];

    private static readonly byte[][] Orders =
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
        [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
        [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
        [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
        [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
        [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
        [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
        [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
        [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
    ];

    /// <summary>1 to 64 bytes.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> data, int length)
    {
        var state = (ulong[])Start.Clone();
        state[0] ^= 0x01010000UL ^ (uint)length;
        var done = 0;
        while (data.Length - done > BlockLength)
        {
            Compress(state, data.Slice(done, BlockLength), (ulong)(done += BlockLength), isLast: false);
        }
        Span<byte> last = stackalloc byte[BlockLength];
        last.Clear();
        data[done..].CopyTo(last);
        Compress(state, last, (ulong)data.Length, isLast: true);
        var output = new byte[64];
        for (var i = 0; i < 8; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(output.AsSpan(i * 8), state[i]);
        return output[..length];
    }

    private static void Compress(ulong[] state, ReadOnlySpan<byte> block, ulong counted, bool isLast)
    {
        Span<ulong> m = stackalloc ulong[16];
        Span<ulong> v = stackalloc ulong[16];
        for (var i = 0; i < 16; i++)
            m[i] = BinaryPrimitives.ReadUInt64LittleEndian(block[(i * 8)..]);
        state.CopyTo(v);
        Start.CopyTo(v[8..]);
        v[12] ^= counted;
        if (isLast)
            v[14] = ~v[14];
        for (var round = 0; round < 12; round++)
        {
            var order = Orders[round % 10];
            for (var i = 0; i < 4; i++)
                Mix(ref v[i], ref v[4 + i], ref v[8 + i], ref v[12 + i], m[order[2 * i]], m[order[2 * i + 1]]);
            for (var i = 0; i < 4; i++)
                Mix(ref v[i], ref v[4 + (i + 1) % 4], ref v[8 + (i + 2) % 4], ref v[12 + (i + 3) % 4], m[order[8 + 2 * i]], m[order[9 + 2 * i]]);
        }
        for (var i = 0; i < 8; i++)
            state[i] ^= v[i] ^ v[i + 8];
    }

    private static void Mix(ref ulong a, ref ulong b, ref ulong c, ref ulong d, ulong x, ulong y)
    {
        unchecked
        {
            a += b + x;
            d = BitOperations.RotateRight(d ^ a, 32);
            c += d;
            b = BitOperations.RotateRight(b ^ c, 24);
            a += b + y;
            d = BitOperations.RotateRight(d ^ a, 16);
            c += d;
            b = BitOperations.RotateRight(b ^ c, 63);
        }
    }
}
