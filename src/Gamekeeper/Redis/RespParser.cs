using System.Buffers.Text;
using System.Globalization;

namespace Gamekeeper.Redis;

/// <summary>
/// Reads RESP3 (https://github.com/redis/redis-specifications/blob/master/protocol/RESP3.md) from bytes that come in any pieces. What has
/// been read is never read again: an unfinished array waits in <c>_frames</c>, an unfinished text in <c>_bulk</c>, and both grow with what
/// has come, not with what was promised. Not thread-safe; useless after it has thrown.
/// </summary>
internal sealed class RespParser(RespLimits limits)
{
    private static readonly byte[] Ok = "OK"u8.ToArray();
    private readonly Frame[] _frames = new Frame[RespLimits.MaxDepth];
    private readonly RespBulk _bulk = new();
    private int _depth;
    private long _bytes;
    private int _elements;

    /// <summary>True while an answer, not a push, has begun and not ended.</summary>
    public bool IsInsideReply => _depth > 0 ? _frames[0].Type != RedisReplyType.Push : _bulk.IsOpen;

    /// <summary>
    /// Reads on. True: one whole answer or push. False: more bytes are wanted. Either way the first <paramref name="consumed"/> bytes
    /// are done with, and the rest comes again in front of what follows.
    /// </summary>
    /// <exception cref="RedisException"><see cref="RedisFailure.Protocol"/>: not RESP3, or beyond the limits.</exception>
    public bool TryRead(ReadOnlySpan<byte> input, out int consumed, out RedisReply reply)
    {
        consumed = 0;
        while (true)
        {
            var before = consumed;
            var isWhole = _bulk.IsOpen ? _bulk.TryFill(input, ref consumed, out reply) : TryReadLine(input, ref consumed, out reply);
            _bytes += consumed - before;
            if (isWhole && Place(ref reply))
            {
                (_bytes, _elements) = (0, 0);
                return true;
            }
            if (!isWhole && consumed == before)
                return false;
        }
    }

    // True: the line was a whole value. False with bytes consumed: it opened something; false without: it is not all there.
    private bool TryReadLine(ReadOnlySpan<byte> input, ref int consumed, out RedisReply value)
    {
        value = default;
        var rest = input[consumed..];
        var end = rest.IndexOf((byte)'\n');
        if (end > RespLimits.MaxLine || (end < 0 && rest.Length > RespLimits.MaxLine))
            throw Broken($"a line is longer than {RespLimits.MaxLine} bytes");
        if (end < 0)
            return false;
        if (end < 2 || rest[end - 1] != '\r')
            throw Broken("a line is empty or does not end in CR LF");
        consumed += end + 1;
        return Begin(rest[0], rest[1..(end - 1)], out value);
    }

    private bool Begin(byte type, ReadOnlySpan<byte> line, out RedisReply value)
    {
        value = default;
        switch (type)
        {
            case (byte)'$' or (byte)'=' or (byte)'!':
                return BeginBulk(type, line);
            case (byte)'*' or (byte)'~' or (byte)'%' or (byte)'>' or (byte)'|':
                return BeginFrame(type, line, ref value);
            case (byte)'+' or (byte)'(':
                value = new(RedisReplyType.Text, line.SequenceEqual(Ok) ? Ok : line.ToArray());
                return true;
            case (byte)'-':
                value = new(RedisReplyType.Error, line.ToArray());
                return true;
            case (byte)':':
                value = new(RedisReplyType.Integer, null, Integer(line));
                return true;
            case (byte)',' when double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || IsInfinite(line, out number):
                value = new(RedisReplyType.Number, null, BitConverter.DoubleToInt64Bits(number));
                return true;
            case (byte)'#' when line is [(byte)'t' or (byte)'f']:
                value = new(RedisReplyType.Boolean, null, line[0] == 't' ? 1 : 0);
                return true;
            case (byte)'_' when line.IsEmpty:
                return true;
            default:
                throw Broken($"a value begins with the byte 0x{type:x2} and cannot be read");
        }
    }

    private bool BeginBulk(byte type, ReadOnlySpan<byte> line)
    {
        var length = Integer(line);
        // The null of RESP2, which some proxies still speak.
        if (length == -1 && type == '$')
            return true;
        if (length < 0 || length > limits.MaxReplyBytes - _bytes)
            throw Broken($"a text claims {length} bytes; an answer takes 0 to {limits.MaxReplyBytes}");
        _bulk.Open((int)length, type == '!' ? RedisReplyType.Error : RedisReplyType.Text, hasPrefix: type == '=');
        return false;
    }

    private bool BeginFrame(byte type, ReadOnlySpan<byte> line, ref RedisReply value)
    {
        var count = Integer(line);
        if (count == -1 && type == '*')
            return true;
        var left = limits.MaxElements - _elements;
        if (count < 0 || count > (type is (byte)'%' or (byte)'|' ? left / 2 : left))
            throw Broken($"an array claims {count} values; an answer takes 0 to {limits.MaxElements}");
        if (_depth == RespLimits.MaxDepth || (type == '>' && _depth > 0))
            throw Broken(type == '>' ? "a push stands inside an answer" : $"arrays are nested deeper than {RespLimits.MaxDepth}");
        var (kind, values) = type switch
        {
            (byte)'%' => (RedisReplyType.Map, (int)count * 2),
            (byte)'|' => (RedisReplyType.Attribute, (int)count * 2),
            (byte)'>' => (RedisReplyType.Push, (int)count),
            _ => (RedisReplyType.Array, (int)count),
        };
        _elements += values;
        if (values == 0)
        {
            value = new(kind, Array.Empty<RedisReply>());
            return kind != RedisReplyType.Attribute;
        }
        _frames[_depth++] = new Frame(kind, values);
        return false;
    }

    // Puts a value where it belongs. True: it is a whole answer, perhaps one that this value has completed.
    private bool Place(ref RedisReply value)
    {
        if (_bytes > limits.MaxReplyBytes)
            throw Broken($"an answer is longer than {limits.MaxReplyBytes} bytes");
        while (_depth > 0)
        {
            ref var frame = ref _frames[_depth - 1];
            if (!frame.Add(value))
                return false;
            var (type, items) = (frame.Type, frame.Items);
            frame = default;
            _depth--;
            if (type == RedisReplyType.Attribute)
                return false;
            value = new(type, items);
        }
        return true;
    }

    private static long Integer(ReadOnlySpan<byte> line) =>
        Utf8Parser.TryParse(line, out long number, out var used) && used == line.Length && line[0] != '+' ? number : throw Broken("a number cannot be read");

    private static bool IsInfinite(ReadOnlySpan<byte> line, out double number)
    {
        number = line.SequenceEqual("inf"u8) ? double.PositiveInfinity : line.SequenceEqual("-inf"u8) ? double.NegativeInfinity : double.NaN;
        return !double.IsNaN(number) || line.SequenceEqual("nan"u8);
    }

    private static RedisException Broken(string what) => new(RedisFailure.Protocol, $"What came is not an answer of Redis: {what}.");

    private struct Frame(RedisReplyType type, int count)
    {
        private const int FirstRoom = 16;
        private int _filled;

        public RedisReplyType Type { get; } = type;

        public RedisReply[] Items { get; private set; } = new RedisReply[Math.Min(count, FirstRoom)];

        // True when that was the last.
        public bool Add(RedisReply value)
        {
            if (_filled == Items.Length)
            {
                var more = Items;
                Array.Resize(ref more, Math.Min(count, _filled * 2));
                Items = more;
            }
            Items[_filled++] = value;
            return _filled == count;
        }
    }
}
