using System.Buffers.Binary;
using Gamekeeper.Caching.Values;

namespace Gamekeeper.Caching.Levels;

/// <summary>A value as it stands in Redis: the version of its layout, when it ends, its members.</summary>
internal static class SecondLevelValue
{
    private const int HeaderLength = 9;

    public static byte[] Write<TValue>(CacheCodec<TValue> codec, TValue value, DateTimeOffset endsAt)
    {
        var writer = new CacheWriter();
        codec.Write(writer, value);
        var bytes = new byte[HeaderLength + writer.Written.Length];
        bytes[0] = codec.Version;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), endsAt.ToUnixTimeMilliseconds());
        writer.Written.CopyTo(bytes.AsMemory(HeaderLength));
        return bytes;
    }

    /// <summary>Null when another release wrote it, in a layout of its own.</summary>
    public static TValue? Read<TValue>(CacheCodec<TValue> codec, ReadOnlySpan<byte> bytes, out DateTimeOffset endsAt)
        where TValue : class
    {
        endsAt = default;
        if (bytes.Length < HeaderLength || bytes[0] != codec.Version)
            return null;
        endsAt = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]));
        var reader = new CacheReader(bytes[HeaderLength..]);
        var value = codec.Read(ref reader);
        return reader.IsAtEnd ? value : throw new FormatException($"A cached value is longer than layout {codec.Version} of {typeof(TValue).Name}.");
    }
}
