using System.Threading.Tasks.Sources;

namespace Gamekeeper.Redis;

/// <summary>
/// A command that waits for its answer. It keeps its place in the line whatever becomes of its caller: a late answer must find the one
/// it belongs to and not the next. So there are two ends: the caller's (answer, failure, time-out, cancellation: the first one counts)
/// and the place in the line, which only the answer or the end of the connection takes away.
/// </summary>
internal sealed class PendingCommand : IValueTaskSource<RedisReply>
{
    private readonly bool _keepsErrors;
    private ManualResetValueTaskSourceCore<RedisReply> _outcome = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private int _settled;

    /// <param name="name">Of the command.</param>
    /// <param name="since">When its caller came, as a timestamp.</param>
    /// <param name="keepsErrors">True: the server's refusal is an answer among others, not an exception.</param>
    public PendingCommand(string name, long since, bool keepsErrors) => (Name, Since, _keepsErrors) = (name, since, keepsErrors);

    public string Name { get; }

    public long Since { get; }

    /// <summary>Where its last byte stands in all that this connection ever sends.</summary>
    public long End { get; set; }

    /// <summary>True for SUBSCRIBE and UNSUBSCRIBE: RESP3 confirms them with a push and answers only when it refuses.</summary>
    public bool IsConfirmedByPush { get; init; }

    /// <summary>How long its caller waits.</summary>
    public required TimeSpan Within { get; init; }

    /// <summary>See <see cref="RedisCommand.GoesOnWhereRead"/>.</summary>
    public bool GoesOnWhereRead { get; init; }

    public bool IsSettled => Volatile.Read(ref _settled) != 0;

    public ValueTask<RedisReply> Outcome => new(this, _outcome.Version);

    /// <summary>Lets the caller go when it no longer wants to wait. Called once, before anybody awaits.</summary>
    public void ListenTo(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
            _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((PendingCommand)state!).Fail(new OperationCanceledException(token)), this);
    }

    /// <param name="reply">What the server said.</param>
    /// <param name="isBrief">Whoever else waits for the thread that calls hardly notices what goes on with the answer.</param>
    public void Answer(RedisReply reply, bool isBrief = false)
    {
        if (!_keepsErrors && reply.Type == RedisReplyType.Error)
            Fail(reply.Error!);
        else if (Settle())
        {
            _outcome.RunContinuationsAsynchronously = !(isBrief && GoesOnWhereRead);
            _outcome.SetResult(reply);
        }
    }

    public void Fail(Exception failure)
    {
        if (Settle())
            _outcome.SetException(failure);
    }

    RedisReply IValueTaskSource<RedisReply>.GetResult(short token)
    {
        _cancellation.Unregister();
        return _outcome.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<RedisReply>.GetStatus(short token) => _outcome.GetStatus(token);

    void IValueTaskSource<RedisReply>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _outcome.OnCompleted(continuation, state, token, flags);

    private bool Settle() => Interlocked.Exchange(ref _settled, 1) == 0;
}
