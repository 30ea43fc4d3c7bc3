using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Gamekeeper.Caching.Values;

/// <summary>Writes the members of a cached value, one behind the other.</summary>
public sealed class CacheWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    internal ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    internal void Reset() => _buffer.ResetWrittenCount();

    /// <summary>One byte.</summary>
    public void Write(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    /// <summary>A yes or no.</summary>
    public void Write(bool value) => Write(value ? (byte)1 : (byte)0);

    /// <summary>A number; small ones take one byte.</summary>
    public void Write(long value)
    {
        // Zigzag, so that small negative numbers are short, too; bits are moved here, and none is a number that could be too large.
        var rest = unchecked((ulong)((value << 1) ^ (value >> 63)));
        var span = _buffer.GetSpan(10);
        var count = 0;
        while (rest >= 0x80)
        {
            span[count++] = (byte)((rest & 0x7f) | 0x80);
            rest >>= 7;
        }
        span[count++] = (byte)rest;
        _buffer.Advance(count);
    }

    /// <summary>An id, in 16 bytes.</summary>
    public void Write(Guid value)
    {
        value.TryWriteBytes(_buffer.GetSpan(16), bigEndian: true, out _);
        _buffer.Advance(16);
    }

    /// <summary>An instant in UTC, to the tick.</summary>
    public void Write(DateTimeOffset value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(8), value.UtcTicks);
        _buffer.Advance(8);
    }

    /// <summary>An instant that may be absent.</summary>
    public void Write(DateTimeOffset? value)
    {
        Write(value.HasValue);
        if (value is { } instant)
            Write(instant);
    }

    /// <summary>A text that may be absent, as UTF-8.</summary>
    public void Write(string? value)
    {
        if (value is null)
        {
            Write(-1L);
            return;
        }
        var bytes = Encoding.UTF8.GetByteCount(value);
        Write((long)bytes);
        _buffer.Advance(Encoding.UTF8.GetBytes(value, _buffer.GetSpan(bytes)));
    }

    /// <summary>An id that may be absent.</summary>
    public void Write(Guid? value)
    {
        Write(value.HasValue);
        if (value is { } id)
            Write(id);
    }

    /// <summary>A number that may be absent.</summary>
    public void Write(long? value)
    {
        Write(value.HasValue);
        if (value is { } number)
            Write(number);
    }

    /// <summary>Bytes as they are; whoever reads them knows how many.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_buffer.GetSpan(value.Length));
        _buffer.Advance(value.Length);
    }

    /// <summary>A list: its length, then its members.</summary>
    public void Write<T>(IReadOnlyList<T> values, Action<CacheWriter, T> write)
    {
        Write((long)values.Count);
        for (var i = 0; i < values.Count; i++)
            write(this, values[i]);
    }
}
