using System.Runtime.InteropServices;

namespace Gamekeeper.Redis;

/// <summary>One argument of a command: text (sent as UTF-8), bytes or a whole number. It is copied when the command is sent, not before.</summary>
internal readonly struct RedisArgument
{
    private static readonly object IsNumber = new();
    private readonly object? _source;
    private readonly long _value;

    private RedisArgument(object source, long value) => (_source, _value) = (source, value);

    public static implicit operator RedisArgument(string text) => new(text, 0);

    public static implicit operator RedisArgument(byte[] bytes) => new(bytes, bytes.Length);

    public static implicit operator RedisArgument(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var part) && part.Array is { } array
            ? new(array, ((long)part.Offset << 32) | (uint)part.Count)
            : new(bytes.ToArray(), bytes.Length);

    public static implicit operator RedisArgument(long number) => new(IsNumber, number);

    /// <summary>The text, where it is one.</summary>
    public string? Text => _source as string;

    /// <summary>The bytes, where it is neither text nor number.</summary>
    public ReadOnlySpan<byte> Bytes => _source is byte[] bytes ? bytes.AsSpan((int)(_value >> 32), (int)(_value & 0xffff_ffff)) : [];

    public bool TryGetNumber(out long number)
    {
        number = _value;
        return ReferenceEquals(_source, IsNumber);
    }
}
