namespace Gamekeeper.Redis;

/// <summary>
/// One socket, many callers. Commands are written one behind the other into a buffer and answers come back in the same order, so the
/// head of the line is always the one that the next answer belongs to.
/// <code>
/// callers ── append ──▶ buffer ── send ──▶ socket ──▶ server        one sends at a time; what others append meanwhile goes with
///                  └──▶ line ◀── answer ── parser ◀── socket        the next send, so many callers share a packet
/// </code>
/// Nobody reads ahead of a lost connection: it ends once, with one reason, fails everybody in the line and is never used again.
/// </summary>
internal sealed partial class RedisConnection : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly RedisOptions _options;
    private readonly TimeProvider _clock;
    private readonly Action<RedisConnection, RedisReply> _onPush;
    private readonly Action<RedisConnection, RedisException> _onEnd;
    private readonly TaskCompletionSource<RedisException> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _watch;

    // Guards the line, both buffers and their positions. Held for as long as copying a command takes, never across a call of a socket.
    private readonly Lock _gate = new();
    private readonly PendingLine _line = new();
    private CommandBuffer _filling = new();
    private CommandBuffer _sending = new();
    private long _appended;
    private long _handedOver;
    private bool _isSending;
    private RedisException? _end;

    /// <param name="stream">The way to the server; owned from now on.</param>
    /// <param name="options">Limits and times.</param>
    /// <param name="clock">Measures waits.</param>
    /// <param name="onPush">Messages and confirmations, in order, on the thread that reads: it must be quick.</param>
    /// <param name="onEnd">Told once, before anybody in the line learns of it.</param>
    public RedisConnection(
        Stream stream,
        RedisOptions options,
        TimeProvider clock,
        Action<RedisConnection, RedisReply> onPush,
        Action<RedisConnection, RedisException> onEnd
    )
    {
        (_stream, _options, _clock, _onPush, _onEnd) = (stream, options, clock, onPush, onEnd);
        _parser = new RespParser(options.Limits);
        _progressAt = clock.GetTimestamp();
        _send = new SendWork(this);
        _watch = clock.CreateTimer(static state => ((RedisConnection)state!).Watch(), this, options.WatchInterval, options.WatchInterval);
        _ = ReadAsync();
    }

    /// <summary>False from the very moment it ends, before anybody has been told.</summary>
    public bool IsAlive
    {
        get
        {
            lock (_gate)
                return _end is null;
        }
    }

    /// <summary>Completes once everybody in the line has been told, and says why it ended.</summary>
    public Task<RedisException> Ended => _ended.Task;

    public ValueTask<RedisReply> SendAsync(in RedisCommand command, CancellationToken cancellationToken, bool isConfirmedByPush = false)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<RedisReply>(cancellationToken);
        var pending = new PendingCommand(command.Name, _clock.GetTimestamp(), keepsErrors: false)
        {
            IsConfirmedByPush = isConfirmedByPush,
            GoesOnWhereRead = command.GoesOnWhereRead,
            Within = Within(command),
        };
        bool isAlone;
        bool sends;
        lock (_gate)
        {
            if (Refusal() is { } refusal)
                return ValueTask.FromException<RedisReply>(refusal);
            isAlone = _line.Count == 0;
            Append(command, pending);
            sends = TryBecomeSender();
        }
        RedisMetrics.InFlight.Add(1);
        if (sends)
            Send(isAlone);
        pending.ListenTo(cancellationToken);
        return pending.Outcome;
    }

    /// <summary>Several commands behind each other with nobody's in between; the server's refusals are answers among the others.</summary>
    public ValueTask<RedisReply[]> SendAllAsync(ReadOnlySpan<RedisCommand> commands, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<RedisReply[]>(cancellationToken);
        if (commands.IsEmpty)
            return ValueTask.FromResult<RedisReply[]>([]);
        var all = new PendingCommand[commands.Length];
        var since = _clock.GetTimestamp();
        bool isAlone;
        bool sends;
        lock (_gate)
        {
            if (Refusal() is { } refusal)
                return ValueTask.FromException<RedisReply[]>(refusal);
            isAlone = _line.Count == 0;
            AppendAll(commands, all, since);
            sends = TryBecomeSender();
        }
        RedisMetrics.InFlight.Add(all.Length);
        if (sends)
            Send(isAlone);
        foreach (var pending in all)
            pending.ListenTo(cancellationToken);
        return AllAsync(all);
    }

    /// <summary>
    /// Ends the connection; only the first reason counts. It tells others, under locks of theirs, so no caller ever comes here:
    /// what fails while sending ends the connection from a work item.
    /// </summary>
    public void End(RedisException reason)
    {
        lock (_gate)
        {
            if (_end is not null)
                return;
            _end = reason;
        }
        _watch.Dispose();
        _stream.Dispose();
        _onEnd(this, reason);
        FailLine(reason);
        _ended.TrySetResult(reason);
    }

    public ValueTask DisposeAsync()
    {
        End(new RedisException(RedisFailure.ConnectionLost, "The connection to Redis was closed on our side."));
        return ValueTask.CompletedTask;
    }

    private TimeSpan Within(in RedisCommand command) => command.Within is { } within && within < _options.CommandTimeout ? within : _options.CommandTimeout;

    private RedisException? Refusal() =>
        _end is not null ? new RedisException(RedisFailure.Unreachable, "The connection to Redis is gone; the next one is not there yet.", _end)
        : _filling.Length > _options.MaxUnsentBytes ? new RedisException(RedisFailure.Overloaded, $"More than {_options.MaxUnsentBytes} bytes wait to be sent to Redis.")
        : null;

    private void Append(in RedisCommand command, PendingCommand pending)
    {
        var before = _filling.Length;
        _filling.Append(command);
        _appended += _filling.Length - before;
        pending.End = _appended;
        _line.Add(pending);
    }

    private void AppendAll(ReadOnlySpan<RedisCommand> commands, PendingCommand[] all, long since)
    {
        try
        {
            for (var i = 0; i < all.Length; i++)
                Append(commands[i], all[i] = new PendingCommand(commands[i].Name, since, keepsErrors: true) { Within = Within(commands[i]) });
        }
        catch (Exception failure)
        {
            // Out of memory half-way: nobody waits for those that stand in the buffer already.
            EndSoon(failure);
            throw;
        }
    }

    private static async ValueTask<RedisReply[]> AllAsync(PendingCommand[] all)
    {
        var replies = new RedisReply[all.Length];
        // The last one first: when it is there, so are the others, and the caller wakes once.
        for (var i = all.Length - 1; i >= 0; i--)
            replies[i] = await all[i].Outcome;
        return replies;
    }

    private void FailLine(RedisException reason)
    {
        while (true)
        {
            PendingCommand? pending;
            bool mayHaveRun;
            lock (_gate)
            {
                if (!_line.TryTake(out pending))
                    return;
                mayHaveRun = pending.End <= _handedOver;
            }
            RedisMetrics.InFlight.Add(-1);
            if (pending.IsSettled)
                continue;
            RedisMetrics.Failed(pending.Name, reason.Kind.ToString());
            pending.Fail(RedisException.Unknown(reason.Kind, $"{reason.Message} {Fate(pending, mayHaveRun)}", mayHaveRun, reason));
        }
    }

    private static string Fate(PendingCommand pending, bool mayHaveRun) =>
        mayHaveRun ? $"{pending.Name} was sent and may have run." : $"{pending.Name} was not sent.";
}
