using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Gamekeeper.Redis;

/// <summary>
/// What the server answered to one command. A value, so that an answer costs no more than its bytes; the bytes belong to whoever asked.
/// The accessors throw when it is something else than they say: an error as itself, the rest as <see cref="RedisFailure.Protocol"/>.
/// </summary>
internal readonly struct RedisReply
{
    private readonly object? _content;
    private readonly long _number;

    public RedisReply(RedisReplyType type, object? content, long number = 0) => (Type, _content, _number) = (type, content, number);

    public RedisReplyType Type { get; }

    /// <summary>The length of a text in bytes; of an array, how many parts it has.</summary>
    public int Size => _content is Array content ? content.Length : 0;

    public bool IsNull => Type == RedisReplyType.Null;

    /// <summary>The server's refusal, where it is one; only among the answers to several commands sent together, or inside an array.</summary>
    public RedisException? Error => Type == RedisReplyType.Error ? RedisException.Refused(Encoding.UTF8.GetString((byte[])_content!)) : null;

    /// <summary>The bytes of a text; null when the server said null.</summary>
    public byte[]? Bytes =>
        Type switch
        {
            RedisReplyType.Text => (byte[])_content!,
            RedisReplyType.Null => null,
            _ => throw Unexpected("text"),
        };

    /// <summary>A text as UTF-8; null when the server said null.</summary>
    public string? Text => Bytes is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>A number, or a text that is one.</summary>
    public long Integer =>
        Type switch
        {
            RedisReplyType.Integer or RedisReplyType.Boolean => _number,
            RedisReplyType.Text when _content is byte[] text && Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length => number,
            _ => throw Unexpected("an integer"),
        };

    /// <summary>A number with a fraction, or a text that is one.</summary>
    public double Number =>
        Type switch
        {
            RedisReplyType.Number => BitConverter.Int64BitsToDouble(_number),
            RedisReplyType.Integer => _number,
            RedisReplyType.Text when double.TryParse((byte[])_content!, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => throw Unexpected("a number"),
        };

    /// <summary>A truth value, or a number that is not zero.</summary>
    public bool Boolean => Integer != 0;

    /// <summary>The parts of an array, a set, or a map (key, value, key, value …); empty when the server said null.</summary>
    public ReadOnlySpan<RedisReply> Items =>
        Type switch
        {
            RedisReplyType.Array or RedisReplyType.Map or RedisReplyType.Push => (RedisReply[])_content!,
            RedisReplyType.Null => [],
            _ => throw Unexpected("an array"),
        };

    /// <summary>What kind it is and how much; never what it says.</summary>
    public override string ToString() =>
        _content switch
        {
            byte[] bytes => $"{Type} of {bytes.Length} bytes",
            RedisReply[] items => $"{Type} of {items.Length}",
            _ => Type.ToString(),
        };

    private RedisException Unexpected(string expected) =>
        Error ?? new RedisException(RedisFailure.Protocol, $"Redis answered with {this} where {expected} was expected.");
}

/// <summary>The kinds of answer, as far as anybody here tells them apart.</summary>
internal enum RedisReplyType
{
    Null,
    Text,
    Error,
    Integer,
    Number,
    Boolean,
    Array,
    Map,

    /// <summary>Not an answer: a message of a channel, or the confirmation of a subscription.</summary>
    Push,

    /// <summary>Remarks that precede an answer and are passed over.</summary>
    Attribute,
}
