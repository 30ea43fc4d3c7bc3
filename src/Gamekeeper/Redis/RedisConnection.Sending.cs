namespace Gamekeeper.Redis;

/// <summary>
/// Who sends. A caller that finds the line empty sends by itself: alone it would only wait for another thread to wake. With others in the
/// line their answers are on the way and wake more callers at once, so sending is left to a work item that gets its turn behind them
/// and carries what all of them appended. What is sent by those who go on with the thread that gives answers out goes when all are out.
/// </summary>
internal sealed partial class RedisConnection
{
    private readonly SendWork _send;

    // The thread that gives answers out just now, and whether it has become the sender meanwhile; both are its own.
    private int _givesOut;
    private bool _isHeldBack;

    // Within the gate. False: somebody sends already, and what was appended goes with it.
    private bool TryBecomeSender()
    {
        var becomes = !_isSending;
        _isSending = true;
        return becomes;
    }

    private void Send(bool isAlone)
    {
        if (_givesOut == Environment.CurrentManagedThreadId)
            _isHeldBack = true;
        else if (isAlone)
            SendUnsent(rounds: 1);
        else
            ThreadPool.UnsafeQueueUserWorkItem(_send, preferLocal: false);
    }

    private void SendHeldBack()
    {
        if (!_isHeldBack)
            return;
        _isHeldBack = false;
        SendUnsent(rounds: 1);
    }

    // The one who sends goes on until nothing is left, or hands over when it has other things to do.
    private void SendUnsent(int rounds)
    {
        while (TryTakeUnsent(out var bytes))
        {
            Task sending;
            try
            {
                sending = Write(bytes);
            }
            catch (Exception failure) when (IsLoss(failure))
            {
                EndSoon(failure);
                return;
            }
            if (!sending.IsCompletedSuccessfully)
            {
                _ = FinishSendingAsync(sending);
                return;
            }
            if (--rounds == 0)
            {
                if (HasUnsent())
                    ThreadPool.UnsafeQueueUserWorkItem(_send, preferLocal: false);
                return;
            }
        }
    }

    // It is with the network already when this returns, as nearly always.
    private Task Write(ReadOnlyMemory<byte> bytes)
    {
        var sending = _stream.WriteAsync(bytes);
        RedisMetrics.SentBytes.Add(bytes.Length);
        return sending.AsTask();
    }

    // The socket is full: the server reads slower than callers ask.
    private async Task FinishSendingAsync(Task sending)
    {
        try
        {
            await sending;
        }
        catch (Exception failure) when (IsLoss(failure))
        {
            End(Lost(failure));
            return;
        }
        SendUnsent(rounds: int.MaxValue);
    }

    private void EndSoon(Exception failure) =>
        ThreadPool.UnsafeQueueUserWorkItem(static end => end.Connection.End(end.Reason), (Connection: this, Reason: Lost(failure)), preferLocal: false);

    private bool TryTakeUnsent(out ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            _sending.Clear();
            if (_filling.Length == 0 || _end is not null)
            {
                _isSending = false;
                bytes = default;
                return false;
            }
            (_filling, _sending) = (_sending, _filling);
            // From here on the network may have any part of it.
            _handedOver = _appended;
            bytes = _sending.Written;
            return true;
        }
    }

    // False: what this sender owed is done, and whoever appends next sends.
    private bool HasUnsent()
    {
        lock (_gate)
        {
            if (_filling.Length > 0)
                return true;
            _sending.Clear();
            _isSending = false;
            return false;
        }
    }

    private sealed class SendWork(RedisConnection connection) : IThreadPoolWorkItem
    {
        public void Execute() => connection.SendUnsent(rounds: int.MaxValue);
    }
}
