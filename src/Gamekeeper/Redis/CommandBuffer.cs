using System.Buffers.Text;
using System.Text;

namespace Gamekeeper.Redis;

/// <summary>Commands as they will stand on the wire, one behind the other, until somebody sends them. Not thread-safe.</summary>
internal sealed class CommandBuffer
{
    private const int OrdinaryRoom = 16 * 1024;
    private const int MostKept = 1024 * 1024;

    // A type byte, twenty digits and CR LF, with some to spare.
    private const int LineRoom = 32;
    private byte[] _bytes = new byte[OrdinaryRoom];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Appends a command, whole or not at all.</summary>
    public void Append(in RedisCommand command)
    {
        var before = Length;
        try
        {
            WriteLine((byte)'*', command.Arguments.Length + 1);
            WriteText(command.Name);
            foreach (ref readonly var argument in command.Arguments)
                Write(argument);
        }
        catch
        {
            // Out of memory, or text that is no Unicode: half a command would put everybody behind it out of step.
            Length = before;
            throw;
        }
    }

    /// <summary>Empties it; room that only a burst needed is given back.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > MostKept)
            _bytes = new byte[OrdinaryRoom];
    }

    private void Write(in RedisArgument argument)
    {
        if (argument.Text is { } text)
            WriteText(text);
        else if (argument.TryGetNumber(out var number))
            WriteNumber(number);
        else
            WriteBytes(argument.Bytes);
    }

    private void WriteText(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        WriteLine((byte)'$', length);
        Encoding.UTF8.GetBytes(text, Room(length + 2));
        EndText(length);
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteLine((byte)'$', bytes.Length);
        bytes.CopyTo(Room(bytes.Length + 2));
        EndText(bytes.Length);
    }

    private void WriteNumber(long number)
    {
        Span<byte> digits = stackalloc byte[LineRoom];
        Utf8Formatter.TryFormat(number, digits, out var length);
        WriteBytes(digits[..length]);
    }

    private void WriteLine(byte type, int number)
    {
        var room = Room(LineRoom);
        room[0] = type;
        Utf8Formatter.TryFormat(number, room[1..], out var length);
        Length++;
        EndText(length);
    }

    // The text stands in its room already.
    private void EndText(int length)
    {
        Length += length;
        _bytes[Length] = (byte)'\r';
        _bytes[Length + 1] = (byte)'\n';
        Length += 2;
    }

    private Span<byte> Room(int needed)
    {
        if (_bytes.Length - Length < needed)
            Array.Resize(ref _bytes, Math.Max(Length + needed, (int)Math.Min((long)_bytes.Length * 2, Array.MaxLength)));
        return _bytes.AsSpan(Length);
    }
}
