using System.Buffers.Binary;

namespace Gamekeeper.Accounts.ForeignPasswords;

/// <summary>
/// The function itself, in the words of RFC 9106: lanes of blocks of 1 KiB in four slices; each block is made of the one before it and
/// of one that a number names, which Argon2i takes from a counter and Argon2id, from the second half of the first pass on, from the data.
/// Lanes are worked off one after the other: one check is one processor's work.
/// </summary>
internal sealed class Argon2(Argon2Parameters parameters)
{
    private const int Slices = 4;
    private const int Words = Argon2Block.Words;

    private readonly int _laneLength = parameters.MemoryKib / (Slices * parameters.Lanes) * Slices;
    private readonly ulong[] _address = new ulong[Words];
    private readonly ulong[] _input = new ulong[Words];
    private readonly ulong[] _zero = new ulong[Words];
    private ulong[] _memory = [];

    private int SliceLength => _laneLength / Slices;

    public byte[] Hash(byte[] password, byte[] salt, int length)
    {
        _memory = GC.AllocateUninitializedArray<ulong>(_laneLength * parameters.Lanes * Words);
        var seed = Blake2b.Hash(
            [
                .. parameters.Header(length),
                .. Argon2Parameters.Words(password.Length), .. password,
                .. Argon2Parameters.Words(salt.Length), .. salt,
                // Neither a secret nor associated data.
                .. Argon2Parameters.Words(0, 0),
            ],
            64
        );
        for (var lane = 0; lane < parameters.Lanes; lane++)
            for (var i = 0; i < 2; i++)
                Argon2Block.Read(LongHash([.. seed, .. Argon2Parameters.Words(i, lane)], Words * 8), Block(lane, i));
        for (var pass = 0; pass < parameters.Passes; pass++)
            for (var slice = 0; slice < Slices; slice++)
                for (var lane = 0; lane < parameters.Lanes; lane++)
                    Fill(pass, slice, lane);
        var last = Block(0, _laneLength - 1).ToArray();
        for (var lane = 1; lane < parameters.Lanes; lane++)
            Argon2Block.Xor(Block(lane, _laneLength - 1), last);
        return LongHash(Argon2Block.Write(last), length);
    }

    private void Fill(int pass, int slice, int lane)
    {
        var counted = !parameters.IsHybrid || (pass == 0 && slice < Slices / 2);
        var first = pass == 0 && slice == 0 ? 2 : 0;
        if (counted)
            BeginAddresses(pass, slice, lane);
        if (counted && first > 0)
            NextAddresses();
        for (var i = first; i < SliceLength; i++)
        {
            var at = slice * SliceLength + i;
            var before = Block(lane, at == 0 ? _laneLength - 1 : at - 1);
            if (counted && i % Words == 0)
                NextAddresses();
            var number = counted ? _address[i % Words] : before[0];
            var other = pass == 0 && slice == 0 ? lane : (int)((number >> 32) % (uint)parameters.Lanes);
            var reference = Block(other, Reference(pass, slice, i, other == lane, (uint)(number & 0xFFFFFFFF)));
            Argon2Block.Fill(before, reference, Block(lane, at), keep: pass > 0 && parameters.Version != 0x10);
        }
    }

    // Which block of the lane: among those that are finished, the nearer ones more often.
    private int Reference(int pass, int slice, int index, bool sameLane, uint number)
    {
        var finished = pass == 0 ? slice * SliceLength : _laneLength - SliceLength;
        var area = (ulong)(sameLane ? finished + index - 1 : finished - (index == 0 ? 1 : 0));
        var square = (ulong)number * number >> 32;
        var relative = area - 1 - (area * square >> 32);
        var start = pass == 0 || slice == Slices - 1 ? 0 : (slice + 1) * SliceLength;
        return (int)(((ulong)start + relative) % (ulong)_laneLength);
    }

    private void BeginAddresses(int pass, int slice, int lane)
    {
        Array.Clear(_input);
        var values = (ReadOnlySpan<int>)[pass, lane, slice, _laneLength * parameters.Lanes, parameters.Passes, parameters.Type];
        for (var i = 0; i < values.Length; i++)
            _input[i] = (ulong)values[i];
    }

    private void NextAddresses()
    {
        _input[6]++;
        Argon2Block.Fill(_zero, _input, _address, keep: false);
        Argon2Block.Fill(_zero, _address, _address, keep: false);
    }

    private Span<ulong> Block(int lane, int index) => _memory.AsSpan((lane * _laneLength + index) * Words, Words);

    // BLAKE2b for any length: 32 bytes of each link of a chain, and the last link whole.
    private static byte[] LongHash(byte[] data, int length)
    {
        byte[] named = [.. Argon2Parameters.Words(length), .. data];
        if (length <= 64)
            return Blake2b.Hash(named, length);
        var output = new byte[length];
        var link = Blake2b.Hash(named, 64);
        var at = 0;
        for (; length - at > 64; at += 32)
        {
            link.AsSpan(0, 32).CopyTo(output.AsSpan(at));
            link = Blake2b.Hash(link, Math.Min(64, length - at - 32));
        }
        link.CopyTo(output.AsSpan(at));
        return output;
    }
}

/// <summary>Blocks of 128 words and what mixes two of them.</summary>
internal static class Argon2Block
{
    public const int Words = 128;

    public static void Read(byte[] bytes, Span<ulong> block)
    {
        for (var i = 0; i < Words; i++)
            block[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i * 8));
    }

    public static byte[] Write(ReadOnlySpan<ulong> block)
    {
        var bytes = new byte[Words * 8];
        for (var i = 0; i < Words; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * 8), block[i]);
        return bytes;
    }

    public static void Xor(ReadOnlySpan<ulong> from, Span<ulong> into)
    {
        for (var i = 0; i < Words; i++)
            into[i] ^= from[i];
    }

    /// <param name="keep">Mixes in what stood there before, as later passes of version 19 do.</param>
    public static void Fill(ReadOnlySpan<ulong> before, ReadOnlySpan<ulong> reference, Span<ulong> into, bool keep)
    {
        Span<ulong> mixed = stackalloc ulong[Words];
        Span<ulong> rest = stackalloc ulong[Words];
        before.CopyTo(mixed);
        Xor(reference, mixed);
        mixed.CopyTo(rest);
        if (keep)
            Xor(into, rest);
        for (var i = 0; i < 8; i++)
            Round(mixed, 16 * i, 2);
        for (var i = 0; i < 8; i++)
            Round(mixed, 2 * i, 16);
        mixed.CopyTo(into);
        Xor(rest, into);
    }

    // Eight pairs of words that stand a step apart, as the 4 x 4 words of a round of BLAKE2b.
    private static void Round(Span<ulong> block, int start, int step)
    {
        Span<ulong> v = stackalloc ulong[16];
        for (var i = 0; i < 8; i++)
            (v[2 * i], v[2 * i + 1]) = (block[start + i * step], block[start + i * step + 1]);
        for (var i = 0; i < 4; i++)
            Mix(ref v[i], ref v[4 + i], ref v[8 + i], ref v[12 + i]);
        Mix(ref v[0], ref v[5], ref v[10], ref v[15]);
        Mix(ref v[1], ref v[6], ref v[11], ref v[12]);
        Mix(ref v[2], ref v[7], ref v[8], ref v[13]);
        Mix(ref v[3], ref v[4], ref v[9], ref v[14]);
        for (var i = 0; i < 8; i++)
            (block[start + i * step], block[start + i * step + 1]) = (v[2 * i], v[2 * i + 1]);
    }

    private static void Mix(ref ulong a, ref ulong b, ref ulong c, ref ulong d)
    {
        a = Add(a, b);
        d = ulong.RotateRight(d ^ a, 32);
        c = Add(c, d);
        b = ulong.RotateRight(b ^ c, 24);
        a = Add(a, b);
        d = ulong.RotateRight(d ^ a, 16);
        c = Add(c, d);
        b = ulong.RotateRight(b ^ c, 63);
    }

    // Addition and a multiplication, which is what costs hardware as much as it costs a processor.
    private static ulong Add(ulong x, ulong y) => unchecked(x + y + 2 * (ulong)(uint)x * (uint)y);
}
