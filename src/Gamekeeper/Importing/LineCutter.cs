using System.Buffers;

namespace Gamekeeper.Importing;

/// <summary>One line, without its end.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Bytes">Empty when it was too long to be held.</param>
internal readonly record struct ImportLine(long Number, byte[] Bytes)
{
    public bool IsTooLong => Bytes.Length == 0;
}

/// <summary>Cuts a stream into lines and holds one at a time; of a line beyond the limit it only looks for the end.</summary>
internal sealed class LineCutter(Stream stream, int maxBytes)
{
    private readonly byte[] _block = new byte[64 * 1024];
    private readonly ArrayBufferWriter<byte> _held = new();
    private int _at;
    private int _end;
    private bool _tooLong;

    /// <summary>The number of the last line that was begun.</summary>
    public long Line { get; private set; }

    /// <summary>The next line that is not blank; null at the end.</summary>
    public async ValueTask<ImportLine?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_at == _end)
            {
                (_at, _end) = (0, await stream.ReadAsync(_block, cancellationToken));
                if (_end == 0)
                    return _held.WrittenCount > 0 || _tooLong ? Take() : null;
            }
            var rest = _block.AsMemory(_at, _end - _at);
            var length = rest.Span.IndexOf((byte)'\n');
            Hold(rest.Span[..(length < 0 ? rest.Length : length)]);
            _at += length < 0 ? rest.Length : length + 1;
            if (length >= 0 && Take() is { } line)
                return line;
        }
    }

    private void Hold(ReadOnlySpan<byte> part)
    {
        _tooLong |= _held.WrittenCount + part.Length > maxBytes;
        if (_tooLong)
            _held.ResetWrittenCount();
        else
            _held.Write(part);
    }

    private ImportLine? Take()
    {
        Line++;
        var bytes = _held.WrittenSpan;
        if (Line == 1 && bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        var line = new ImportLine(Line, _tooLong ? [] : bytes.Trim(" \t\r"u8).ToArray());
        var isBlank = line.Bytes.Length == 0 && !_tooLong;
        _held.ResetWrittenCount();
        _tooLong = false;
        return isBlank ? null : line;
    }
}
