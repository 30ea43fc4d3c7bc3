namespace Gamekeeper.Redis;

/// <summary>One listener of one channel. Disposing ends it: nothing is told afterwards.</summary>
internal sealed class RedisSubscription : IAsyncDisposable
{
    private readonly RedisSubscriptions _all;
    private readonly TaskCompletionSource _established = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RedisSubscription(RedisSubscriptions all, string channel) => (_all, Channel) = (all, channel);

    public string Channel { get; }

    /// <summary>True while nothing is missed.</summary>
    public bool IsEstablished { get; internal set; }

    /// <summary>Completes when the server has confirmed it for the first time; fails when the server refused it.</summary>
    public Task Established => _established.Task;

    internal required Action<ReadOnlyMemory<byte>> OnMessage { get; init; }

    internal required Action OnEstablished { get; init; }

    internal required Action OnLost { get; init; }

    public ValueTask DisposeAsync()
    {
        _all.Remove(this);
        return ValueTask.CompletedTask;
    }

    internal void WasEstablished() => _established.TrySetResult();

    internal void WasRefused(Exception refusal)
    {
        _established.TrySetException(refusal);
        // Nobody has to have waited.
        _ = _established.Task.Exception;
    }
}
