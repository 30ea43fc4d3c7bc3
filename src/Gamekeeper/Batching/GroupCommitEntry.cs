namespace Gamekeeper.Batching;

/// <summary>One row and the writer who waits for it.</summary>
internal sealed class GroupCommitEntry<TRow, TKey>
{
    // Continuations run elsewhere: a lane must not be held up by what a writer does after its acknowledgement.
    private readonly TaskCompletionSource _place = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<GroupCommitOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public GroupCommitEntry(TRow row, TKey key, int lane, long since)
    {
        (Row, Key, Lane, Since) = (row, key, lane, since);
        Node = new(this);
    }

    public TRow Row { get; }
    public TKey Key { get; }
    public int Lane { get; }
    public long Since { get; }

    /// <summary>Where it waits; in no list once it is on its way.</summary>
    public LinkedListNode<GroupCommitEntry<TRow, TKey>> Node { get; }

    public Task Place => _place.Task;
    public Task<GroupCommitOutcome> Outcome => _outcome.Task;

    public void LetIn() => _place.TrySetResult();

    public void End(GroupCommitOutcome outcome) => _outcome.TrySetResult(outcome);

    public void Fail(Exception failure) => _outcome.TrySetException(failure);

    public void Cancel(CancellationToken cancellationToken)
    {
        _place.TrySetCanceled(cancellationToken);
        _outcome.TrySetCanceled(cancellationToken);
    }
}
