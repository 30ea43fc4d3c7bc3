using System.Buffers.Binary;
using Gamekeeper.Caching.Tags;
using Gamekeeper.Caching.Values;

namespace Gamekeeper.Caching.Levels;

/// <summary>
/// A value as it stands in Redis: the version of its layout, when it ends, its members. One that has tags, or that says that there is none,
/// begins with a byte 0, which is no version, and what of both it is; the tokens of its tags stand before its members.
/// </summary>
internal static class SecondLevelValue
{
    private const byte Special = 0;
    private const byte Tagged = 1;
    private const byte Missing = 2;

    public static byte[] Write<TValue>(CacheCodec<TValue> codec, TValue? value, DateTimeOffset endsAt, TagStamp? stamp = null)
        where TValue : class
    {
        var writer = new CacheWriter();
        if (stamp is not null || value is null)
        {
            writer.Write(Special);
            writer.Write((byte)((stamp is null ? 0 : Tagged) | (value is null ? Missing : 0)));
        }
        writer.Write(codec.Version);
        Span<byte> ends = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(ends, endsAt.ToUnixTimeMilliseconds());
        writer.WriteBytes(ends);
        if (stamp is not null)
            writer.Write(
                stamp.Marks,
                static (to, mark) =>
                {
                    to.Write(mark.Tag);
                    to.Write(mark.Token);
                }
            );
        if (value is not null)
            codec.Write(writer, value);
        return writer.Written.ToArray();
    }

    /// <summary>Null when another release wrote it, in a layout of its own.</summary>
    /// <exception cref="FormatException">No release of ours wrote it.</exception>
    public static SecondLevelValue<TValue>? Read<TValue>(CacheCodec<TValue> codec, ReadOnlySpan<byte> bytes)
        where TValue : class
    {
        var what = 0;
        if (bytes.Length > 2 && bytes[0] == Special)
        {
            what = bytes[1];
            bytes = bytes[2..];
        }
        if (bytes.Length < 1 + sizeof(long) || bytes[0] != codec.Version)
            return null;
        var endsAt = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]));
        var reader = new CacheReader(bytes[(1 + sizeof(long))..]);
        var stamp = (what & Tagged) == 0 ? null : ReadStamp(ref reader);
        var value = (what & Missing) == 0 ? codec.Read(ref reader) : null;
        return reader.IsAtEnd
            ? new(value, endsAt, stamp)
            : throw new FormatException($"A cached value is longer than layout {codec.Version} of {typeof(TValue).Name}.");
    }

    private static TagStamp ReadStamp(ref CacheReader reader)
    {
        var marks = new TagMark[reader.ReadCount(leastBytes: 17)];
        for (var i = 0; i < marks.Length; i++)
            marks[i] = new(reader.ReadText(), reader.ReadGuid());
        return new(marks);
    }
}

/// <summary>What was read from there.</summary>
/// <param name="Value">Null when it says that there is none.</param>
/// <param name="EndsAt">By the clock of the node that wrote it.</param>
/// <param name="Stamp">Null when it has no tags.</param>
internal sealed record SecondLevelValue<TValue>(TValue? Value, DateTimeOffset EndsAt, TagStamp? Stamp)
    where TValue : class;
