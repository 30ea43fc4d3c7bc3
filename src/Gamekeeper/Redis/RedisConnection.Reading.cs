using System.Net.Sockets;

namespace Gamekeeper.Redis;

/// <summary>Reads, and gives each answer to the head of the line; a push goes aside.</summary>
internal sealed partial class RedisConnection
{
    private const int ReadRoom = 64 * 1024;
    private const int SmallAnswer = 2 * 1024;
    private readonly RespParser _parser;
    private readonly List<RedisReply> _answers = [];
    private readonly List<PendingCommand> _answered = [];
    private byte[] _input = new byte[ReadRoom];
    private int _unread;

    private async Task ReadAsync()
    {
        RedisException reason;
        try
        {
            while (true)
            {
                var read = await _stream.ReadAsync(_input.AsMemory(_unread));
                if (read == 0)
                    break;
                RedisMetrics.ReceivedBytes.Add(read);
                _unread += read;
                TakeIn();
            }
            reason = Lost(cause: null);
        }
        catch (RedisException broken)
        {
            reason = broken;
        }
        catch (Exception failure) when (IsLoss(failure))
        {
            reason = Lost(failure);
        }
        catch (Exception failure)
        {
            // Out of memory, or a mistake of ours: whoever waits must not wait for ever.
            reason = new RedisException(RedisFailure.Protocol, $"Reading from Redis failed: {failure.Message}", failure);
        }
        End(reason);
    }

    private void TakeIn()
    {
        var input = _input.AsSpan(0, _unread);
        try
        {
            while (_parser.TryRead(input, out var consumed, out var reply) is var isWhole)
            {
                input = input[consumed..];
                if (!isWhole)
                    break;
                if (reply.Type == RedisReplyType.Push)
                    TakePush(reply);
                else
                    _answers.Add(reply);
            }
        }
        finally
        {
            // What was read before something unreadable is still somebody's answer.
            GiveOut();
        }
        input.CopyTo(_input);
        _unread = input.Length;
        // A line may be longer than the room: the parser bounds it.
        if (_unread == _input.Length)
            Array.Resize(ref _input, _input.Length * 2);
        if (_parser.IsInsideReply)
            Volatile.Write(ref _progressAt, _clock.GetTimestamp());
    }

    private void GiveOut()
    {
        if (_answers.Count == 0)
            return;
        bool isLast;
        lock (_gate)
        {
            while (_answered.Count < _answers.Count && _line.TryTake(out var pending))
                _answered.Add(pending);
            isLast = _answered.Count == 1 && _line.Count == 0;
            _progressAt = _clock.GetTimestamp();
        }
        RedisMetrics.InFlight.Add(-_answered.Count);
        var unasked = _answers.Count > _answered.Count && _end is null;
        _givesOut = Environment.CurrentManagedThreadId;
        for (var i = 0; i < _answered.Count; i++)
            // A small one is decoded sooner than another thread is woken for it; and alone, any one is.
            Answer(_answered[i], _answers[i], isLast || _answers[i].Size <= SmallAnswer);
        _givesOut = 0;
        SendHeldBack();
        _answers.Clear();
        _answered.Clear();
        if (unasked)
            throw new RedisException(RedisFailure.Protocol, "Redis sent an answer that nobody had asked for.");
    }

    // A confirmation stands in the order of the answers; a message stands beside it.
    private void TakePush(RedisReply push)
    {
        GiveOut();
        if (push.Items is [var kind, ..] && kind.Bytes is { } word && (word.AsSpan().SequenceEqual("subscribe"u8) || word.AsSpan().SequenceEqual("unsubscribe"u8)))
        {
            lock (_gate)
            {
                if (_line.Count > 0 && _line[0].IsConfirmedByPush && _line.TryTake(out var confirmed))
                    _answered.Add(confirmed);
                _progressAt = _clock.GetTimestamp();
            }
            if (_answered is [var subscribing])
                Answer(subscribing, push);
            _answered.Clear();
        }
        _onPush(this, push);
    }

    private void Answer(PendingCommand pending, RedisReply reply, bool isBrief = false)
    {
        RedisMetrics.Answered(pending, _clock, reply.Type == RedisReplyType.Error);
        pending.Answer(reply, isBrief);
    }

    // What a socket or TLS says when the other side, or we ourselves, have left.
    private static bool IsLoss(Exception failure) => failure is IOException or SocketException or ObjectDisposedException or InvalidOperationException;

    private static RedisException Lost(Exception? cause) =>
        new(RedisFailure.ConnectionLost, cause is null ? "Redis closed the connection." : $"The connection to Redis broke: {cause.Message}", cause);
}
