using System.Buffers;
using System.Buffers.Text;

namespace Gamekeeper.Paging;

/// <summary>
/// The place in a list where the next page begins: the sort values of the last row shown, bound to the question and sealed, so that
/// callers hand it back and cannot build or change it. The text is base64url of
/// <code>format 1 | direction | question, 16 bytes | count | values, each with its kind | HMAC-SHA256 of all before, 16 bytes</code>
/// It is not encrypted: whoever has it can read the sort values, which he has seen on the page. Usage:
/// <code>
/// var question = new CursorQuestion("summoners_grid.cards", PageOrder.Descending, "created_at", "id").Where("owner", owner);
/// var page = Page.From(rows, size, last => Cursor.Write(key, question, last.CreatedAt, last.Id));
/// if (Cursor.Read(key, question, text) is CursorReading.Valid { Values: var from })
///     … and (created_at, id) &lt; ($2, $3) with from[0].Instant and from[1].Guid
/// </code>
/// </summary>
public static class Cursor
{
    /// <summary>Longest text of a cursor.</summary>
    public const int MaxLength = 4096;

    private const byte Format = 1;

    // Format, direction, question, count, seal.
    private const int MinBytes = 1 + 1 + CursorQuestion.HashLength + 1 + CursorKey.SealLength;

    /// <summary>Writes the cursor of a row.</summary>
    /// <param name="key">The cluster's key.</param>
    /// <param name="question">What the list was asked.</param>
    /// <param name="values">The row's sort values, one for each sort column of the question.</param>
    /// <exception cref="ArgumentException">The number of values is not that of the sort columns, or they are too long for a cursor.</exception>
    public static string Write(CursorKey key, CursorQuestion question, params ReadOnlySpan<CursorValue> values)
    {
        if (values.Length != question.SortColumns)
            throw new ArgumentException($"The list sorts by {question.SortColumns} columns; {values.Length} values were given.", nameof(values));
        var writer = new CursorWriter();
        writer.Byte(Format);
        writer.Byte((byte)question.Direction);
        writer.Bytes(question.Hash());
        writer.Byte((byte)values.Length);
        foreach (var value in values)
            writer.Write(value);
        Span<byte> seal = stackalloc byte[CursorKey.SealLength];
        key.Seal(writer.Written, seal);
        writer.Bytes(seal);
        var text = Base64Url.EncodeToString(writer.Written);
        return text.Length <= MaxLength
            ? text
            : throw new ArgumentException($"The sort values make a cursor of {text.Length} characters; at most {MaxLength} are allowed.", nameof(values));
    }

    /// <summary>Reads a cursor that a caller handed back. Nothing in it is believed before its seal is checked.</summary>
    public static CursorReading Read(CursorKey key, CursorQuestion question, string text)
    {
        if (!TryDecode(text, out var bytes))
            return new CursorReading.Malformed();
        if (bytes[0] != Format)
            return new CursorReading.Unsupported(bytes[0]);
        var content = bytes.AsSpan(..^CursorKey.SealLength);
        if (!key.IsSealOf(content, bytes.AsSpan(^CursorKey.SealLength..)))
            return new CursorReading.Altered();

        var reader = new CursorReader(content);
        _ = reader.Byte();
        var direction = (PageOrder)reader.Byte();
        var asked = reader.Bytes(CursorQuestion.HashLength);
        if (direction != question.Direction || !asked.SequenceEqual(question.Hash()))
            return new CursorReading.OtherQuestion();
        var values = new CursorValue[reader.Byte()];
        for (var i = 0; i < values.Length; i++)
            values[i] = reader.Value();
        return new CursorReading.Valid(values);
    }

    // One cursor has one spelling: stray bits at the end, padding and white space are refused although a decoder may overlook them.
    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length > MaxLength)
            return false;
        var decoded = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, decoded, out _, out var length) != OperationStatus.Done || length < MinBytes)
            return false;
        bytes = decoded[..length];
        return string.Equals(Base64Url.EncodeToString(bytes), text, StringComparison.Ordinal);
    }
}
