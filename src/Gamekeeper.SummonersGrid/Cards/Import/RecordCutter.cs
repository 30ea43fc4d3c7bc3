using System.Text.Json;

namespace Gamekeeper.SummonersGrid.Cards.Import;

/// <summary>
/// The state between two blocks of a file. It knows where a value ends by letting the JSON reader walk over it, and what stands
/// between values by looking at the bytes: white space, and in an array its brackets and commas.
/// </summary>
internal sealed class RecordCutter
{
    // Deeper than a record may be, so that the check of the record can still name the member that goes too deep.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 };

    private byte[] _bytes = new byte[128 * 1024];
    private int _start;
    private int _end;
    private int _line = 1;
    private Form _form = Form.Unknown;
    private bool _afterValue;
    private bool _anyValue;
    private bool _isFirstByte = true;

    private enum Form
    {
        Unknown,
        Array,
        ClosedArray,
        Lines,
    }

    public void Append(ReadOnlySpan<byte> block)
    {
        if (_isFirstByte && block.StartsWith("\uFEFF"u8))
            block = block[3..];
        _isFirstByte = false;
        if (_start > 0)
        {
            Buffer.BlockCopy(_bytes, _start, _bytes, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
        }
        if (_end + block.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _end + block.Length));
        block.CopyTo(_bytes.AsSpan(_end));
        _end += block.Length;
    }

    /// <summary>The next whole record; null when more bytes are needed or none are left.</summary>
    public RawRecord? Next(bool isLast)
    {
        if (!SkipToValue())
            return null;
        var reader = new Utf8JsonReader(_bytes.AsSpan(_start, _end - _start), isLast, new JsonReaderState(Options));
        bool whole;
        try
        {
            whole = reader.Read() && reader.TrySkip();
        }
        catch (JsonException failure)
        {
            throw new RefusedRecordException(_line + LinesBefore(failure), null, Reason(reader.CurrentDepth));
        }
        var length = (int)reader.BytesConsumed;
        // A number or a word at the end of a block may go on in the next one.
        if (whole && !isLast && _start + length == _end && reader.TokenType is JsonTokenType.Number)
            whole = false;
        if (!whole)
        {
            if (_end - _start > TemplateRecords.MaxRecordBytes)
                throw new RefusedRecordException(_line, null, $"the record is longer than {TemplateRecords.MaxRecordBytes} bytes");
            return null;
        }
        var record = new RawRecord(_bytes.AsSpan(_start, length).ToArray(), _line);
        Step(length);
        (_afterValue, _anyValue) = (true, true);
        return record;
    }

    /// <summary>Refuses a file that ends too early, or that holds nothing.</summary>
    public void EnsureComplete()
    {
        if (_form == Form.Array)
            throw new RefusedRecordException(_line, null, "the file ends inside the array");
        if (!_anyValue)
            throw new RefusedRecordException(1, null, "the file holds no card");
    }

    private bool SkipToValue()
    {
        while (_start < _end)
        {
            var b = _bytes[_start];
            if (b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                if (b == '\n' && _form == Form.Lines)
                    _afterValue = false;
                Step(1);
            }
            else if (_form == Form.Unknown)
            {
                _form = b == '[' ? Form.Array : Form.Lines;
                if (_form == Form.Array)
                    Step(1);
            }
            else if (_form == Form.ClosedArray)
                throw new RefusedRecordException(_line, null, "text follows the end of the array");
            else if (_form == Form.Array && b == ']')
            {
                Step(1);
                _form = Form.ClosedArray;
            }
            else if (_form == Form.Array && _afterValue)
            {
                if (b != ',')
                    throw new RefusedRecordException(_line, null, "a comma or the end of the array must stand between two records");
                Step(1);
                _afterValue = false;
            }
            else if (_form == Form.Lines && _afterValue)
                throw new RefusedRecordException(_line, null, "each record stands on a line of its own");
            else
                return true;
        }
        return false;
    }

    private void Step(int bytes)
    {
        for (var i = 0; i < bytes; i++)
            if (_bytes[_start + i] == '\n')
                _line++;
        _start += bytes;
    }

    private static int LinesBefore(JsonException failure) => (int)(failure.LineNumber ?? 0);

    // By where the reader stands and not by what it says: of a record that is cut off it speaks of depth too.
    private static string Reason(int depth) =>
        depth >= DocumentCheck.MaxDepth
            ? $"the record is nested more than {DocumentCheck.MaxDepth} deep"
            : "the record is not valid JSON";
}
