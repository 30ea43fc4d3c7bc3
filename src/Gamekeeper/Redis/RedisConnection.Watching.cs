namespace Gamekeeper.Redis;

/// <summary>
/// What nobody tells us: that an answer is late, and that the other side is no longer there. A network that swallows packets breaks no
/// connection for a quarter of an hour, and TCP's own probes are no cure: they stop as soon as there is something unsent.
/// </summary>
internal sealed partial class RedisConnection
{
    private static readonly RedisCommand Heartbeat = new("PING");

    // When the line last moved: an answer, or a part of one. Pushes do not count, or a way out that swallows everything would hide behind them.
    private long _progressAt;

    private void Watch()
    {
        try
        {
            foreach (var (late, mayHaveRun) in Late())
                FailLate(late, mayHaveRun);
            if (Silence() is { } silence && silence >= _options.SilenceLimit)
                End(new RedisException(RedisFailure.ConnectionLost, $"Redis has not answered for {silence.TotalMilliseconds:0} ms and the connection was given up."));
            else if (IsIdle())
                Beat();
        }
        catch (ObjectDisposedException)
        {
            // It ended meanwhile.
        }
    }

    // Those that are late stay in the line for their answer.
    private List<(PendingCommand Late, bool MayHaveRun)> Late()
    {
        List<(PendingCommand, bool)> late = [];
        var now = _clock.GetTimestamp();
        lock (_gate)
        {
            for (var i = 0; i < _line.Count; i++)
            {
                if (!_line[i].IsSettled && _clock.GetElapsedTime(_line[i].Since, now) >= _line[i].Within)
                    late.Add((_line[i], _line[i].End <= _handedOver));
            }
        }
        return late;
    }

    private void FailLate(PendingCommand late, bool mayHaveRun)
    {
        RedisMetrics.Failed(late.Name, RedisFailure.TimedOut.ToString());
        late.Fail(RedisException.Unknown(RedisFailure.TimedOut, $"Redis has not answered within {late.Within.TotalMilliseconds:0} ms. {Fate(late, mayHaveRun)}", mayHaveRun));
    }

    // Since the line last moved, or since it has a head if that is later.
    private TimeSpan? Silence()
    {
        lock (_gate)
            return _line.Count == 0 ? null : _clock.GetElapsedTime(Math.Max(_progressAt, _line[0].Since));
    }

    private bool IsIdle()
    {
        lock (_gate)
            return _line.Count == 0 && _clock.GetElapsedTime(_progressAt) >= _options.HeartbeatInterval;
    }

    // Its answer moves the line; that it does not come is seen by the next looks.
    private void Beat() => _ = SendAsync(Heartbeat, CancellationToken.None).AsTask().ContinueWith(static beat => beat.Exception, TaskScheduler.Default);
}
