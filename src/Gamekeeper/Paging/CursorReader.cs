using System.Buffers.Binary;

namespace Gamekeeper.Paging;

/// <summary>Reads what <see cref="CursorWriter"/> wrote. The seal has been checked before, so a misfit is a fault of our own.</summary>
internal ref struct CursorReader(ReadOnlySpan<byte> content)
{
    private ReadOnlySpan<byte> _rest = content;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte() => Bytes(1)[0];

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > _rest.Length)
            throw new FormatException($"A sealed cursor ends {count - _rest.Length} bytes too early.");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public CursorValue Value() =>
        (CursorValueKind)Byte() switch
        {
            CursorValueKind.Null => CursorValue.Null,
            CursorValueKind.Guid => new Guid(Bytes(16), bigEndian: true),
            CursorValueKind.Long => Int64(),
            CursorValueKind.Double => BitConverter.Int64BitsToDouble(Int64()),
            CursorValueKind.Instant => new DateTimeOffset(Int64() * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero),
            CursorValueKind.Text => CursorWriter.StrictUtf8.GetString(Bytes(checked((int)Int64()))),
            var unknown => throw new FormatException($"A sealed cursor holds a value of the unknown kind {unknown}."),
        };

    private long Int64() => BinaryPrimitives.ReadInt64BigEndian(Bytes(sizeof(long)));
}
