namespace Gamekeeper.Redis;

/// <summary>A text of announced length while it comes in. Its room grows with what has come; the length is only the end of it.</summary>
internal sealed class RespBulk
{
    private const int FirstRoom = 64 * 1024;
    private byte[] _bytes = [];
    private int _length;
    private int _filled;
    private RedisReplyType _type;
    private bool _hasPrefix;

    public bool IsOpen { get; private set; }

    /// <summary>Begins a text. One with a prefix (verbatim text) says its format in its first four bytes, such as <c>txt:</c>.</summary>
    public void Open(int length, RedisReplyType type, bool hasPrefix)
    {
        (_length, _filled, _type, _hasPrefix, IsOpen) = (length, 0, type, hasPrefix, true);
        _bytes = length == 0 ? [] : GC.AllocateUninitializedArray<byte>(Math.Min(length, FirstRoom));
    }

    /// <summary>Takes what there is of it; true once it is whole, with the CR LF behind it.</summary>
    /// <exception cref="RedisException"><see cref="RedisFailure.Protocol"/>: something else stands behind it.</exception>
    public bool TryFill(ReadOnlySpan<byte> input, ref int consumed, out RedisReply value)
    {
        value = default;
        var part = input[consumed..];
        part = part[..Math.Min(part.Length, _length - _filled)];
        MakeRoom(_filled + part.Length);
        part.CopyTo(_bytes.AsSpan(_filled));
        _filled += part.Length;
        consumed += part.Length;

        var behind = input[consumed..];
        if (_filled < _length || behind.Length < 2)
            return false;
        if (!behind.StartsWith("\r\n"u8))
            throw new RedisException(RedisFailure.Protocol, "What came is not an answer of Redis: a text is not followed by CR LF.");
        consumed += 2;
        IsOpen = false;
        value = new(_type, _hasPrefix && _bytes is [_, _, _, (byte)':', ..] ? _bytes[4..] : _bytes);
        _bytes = [];
        return true;
    }

    private void MakeRoom(int needed)
    {
        if (needed <= _bytes.Length)
            return;
        var room = (int)Math.Min(_length, Math.Max((long)needed, (long)_bytes.Length * 2));
        Array.Resize(ref _bytes, room);
    }
}
