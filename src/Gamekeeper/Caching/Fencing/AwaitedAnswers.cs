namespace Gamekeeper.Caching.Fencing;

/// <summary>The acknowledgements that one message waits for.</summary>
internal sealed class AwaitedAnswers(IReadOnlyList<Guid> nodes, long epoch)
{
    private readonly HashSet<Guid> _missing = [.. nodes];
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isElsewhere;

    /// <summary>Done when all have answered.</summary>
    public Task All => _all.Task;

    /// <summary>Somebody is in another epoch: the values of that one were not removed from Redis.</summary>
    public bool IsElsewhere
    {
        get
        {
            lock (_missing)
                return _isElsewhere;
        }
    }

    public IReadOnlyList<Guid> Missing
    {
        get
        {
            lock (_missing)
                return [.. _missing];
        }
    }

    public void Take(FenceAnswer answer)
    {
        // Whoever joined since serves nothing yet; and a copy of this database, beside the same Redis, has nodes and epochs of its own.
        if (!nodes.Contains(answer.Node))
            return;
        lock (_missing)
        {
            _isElsewhere |= answer.Epoch != epoch;
            if (_missing.Remove(answer.Node) && _missing.Count == 0)
                _all.TrySetResult();
        }
    }
}
