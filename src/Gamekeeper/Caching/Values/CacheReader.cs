using System.Buffers.Binary;
using System.Text;

namespace Gamekeeper.Caching.Values;

/// <summary>Reads the members of a cached value in the order in which they were written.</summary>
/// <exception cref="FormatException">From every member: the bytes are none that the writer wrote.</exception>
public ref struct CacheReader
{
    private ReadOnlySpan<byte> _rest;

    internal CacheReader(ReadOnlySpan<byte> bytes) => _rest = bytes;

    /// <summary>True when everything was read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>One byte.</summary>
    public byte ReadByte() => Take(1)[0];

    /// <summary>A yes or no.</summary>
    public bool ReadBool() => ReadByte() != 0;

    /// <summary>A number.</summary>
    public long ReadLong()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return (long)(value >> 1) ^ -(long)(value & 1);
        }
        throw Broken();
    }

    /// <summary>A number that fits an int.</summary>
    public int ReadInt() => ReadLong() is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw Broken();

    /// <summary>An id.</summary>
    public Guid ReadGuid() => new(Take(16), bigEndian: true);

    /// <summary>An id that may be absent.</summary>
    public Guid? ReadNullableGuid() => ReadBool() ? ReadGuid() : null;

    /// <summary>A number that may be absent.</summary>
    public long? ReadNullableLong() => ReadBool() ? ReadLong() : null;

    /// <summary>This many bytes, as they are; they are the value's own and not to be kept.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    /// <summary>An instant in UTC.</summary>
    public DateTimeOffset ReadInstant() => new(BinaryPrimitives.ReadInt64LittleEndian(Take(8)), TimeSpan.Zero);

    /// <summary>An instant that may be absent.</summary>
    public DateTimeOffset? ReadNullableInstant() => ReadBool() ? ReadInstant() : null;

    /// <summary>A text that is there.</summary>
    public string ReadText() => ReadNullableText() ?? throw Broken();

    /// <summary>A text that may be absent.</summary>
    public string? ReadNullableText()
    {
        var length = ReadLong();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>The length of a list; each member takes at least <paramref name="leastBytes"/>.</summary>
    public int ReadCount(int leastBytes = 1)
    {
        var count = ReadLong();
        // What a length merely promises is not allocated.
        return count >= 0 && count <= _rest.Length / leastBytes ? (int)count : throw Broken();
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _rest.Length)
            throw Broken();
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private static FormatException Broken() => new("A cached value ends early or holds what its layout does not allow.");
}
