using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Gamekeeper.Paging;

/// <summary>Spells cursor values as bytes, each with its kind, so that <see cref="CursorReader"/> reads back what was written.</summary>
internal sealed class CursorWriter
{
    // Half a surrogate pair cannot come from PostgreSQL and would be read back as another text.
    internal static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Byte(byte value) => _buffer.Write([value]);

    public void Bytes(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    public void Write(CursorValue value)
    {
        Byte((byte)value.Kind);
        switch (value.Kind)
        {
            case CursorValueKind.Guid:
                Bytes(value.Guid.ToByteArray(bigEndian: true));
                break;
            case CursorValueKind.Long:
                Int64(value.Long);
                break;
            case CursorValueKind.Double:
                Int64(BitConverter.DoubleToInt64Bits(value.Double));
                break;
            case CursorValueKind.Instant:
                Int64(value.Instant.UtcTicks / TimeSpan.TicksPerMicrosecond);
                break;
            case CursorValueKind.Text:
                var text = StrictUtf8.GetBytes(value.Text);
                Int64(text.Length);
                Bytes(text);
                break;
        }
    }

    private void Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_buffer.GetSpan(sizeof(long)), value);
        _buffer.Advance(sizeof(long));
    }
}
