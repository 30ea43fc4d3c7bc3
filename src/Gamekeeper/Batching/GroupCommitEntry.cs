namespace Gamekeeper.Batching;

/// <summary>One row and the writer who waits for it.</summary>
internal sealed class GroupCommitEntry<TRow, TKey> : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<GroupCommitOutcome> _outcome = new();
    private Task<GroupCommitOutcome>? _answer;
    private TaskCompletionSource? _place;

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

    /// <summary>Ends once it has a place in the queue; most find one at once.</summary>
    public Task Place => _place?.Task ?? Task.CompletedTask;

    public Task<GroupCommitOutcome> Outcome => _outcome.Task;

    public void StayOutside() => _place = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetIn() => _place?.TrySetResult();

    public void Cancel(CancellationToken cancellationToken)
    {
        _place?.TrySetCanceled(cancellationToken);
        Answer(Task.FromCanceled<GroupCommitOutcome>(cancellationToken));
    }

    /// <summary>
    /// Answers the writer; the first answer stays. He goes on elsewhere, since a lane must not be held up by what he does next, and in
    /// the queue that all threads share, so that a lane that stands in it behind him finds what he writes next.
    /// </summary>
    public void Answer(Task<GroupCommitOutcome> answer)
    {
        if (Interlocked.CompareExchange(ref _answer, answer, comparand: null) is null)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _outcome.SetFromTask(_answer!);
}
