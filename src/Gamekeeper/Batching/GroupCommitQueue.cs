namespace Gamekeeper.Batching;

/// <summary>
/// The rows that wait: one line a lane, and one line before them for those who find it full. A row keeps the order of its arrival
/// through both, which is why a place that becomes free is given away here and not raced for by the writers.
/// </summary>
internal sealed class GroupCommitQueue<TRow, TKey>(int lanes, int maxQueued, int maxBatch)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly LinkedList<GroupCommitEntry<TRow, TKey>>[] _lanes =
    [
        .. Enumerable.Range(0, lanes).Select(_ => new LinkedList<GroupCommitEntry<TRow, TKey>>()),
    ];
    private readonly LinkedList<GroupCommitEntry<TRow, TKey>> _outside = [];
    private readonly bool[] _busy = new bool[lanes];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _queued;
    private bool _closed;

    /// <summary>Ends once the queue is closed and every row has its answer.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Takes a row. Returns the lanes that had nothing to do and are to be run now.</summary>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public List<int> Add(GroupCommitEntry<TRow, TKey> entry)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(GroupCommit<TRow, TKey>));
            _outside.AddLast(entry.Node);
            var toRun = LetIn();
            if (entry.Node.List == _outside)
                entry.StayOutside();
            return toRun;
        }
    }

    /// <summary>Takes a waiting row out again; false when it is on its way already. Its place may wake a lane.</summary>
    public bool Remove(GroupCommitEntry<TRow, TKey> entry, out List<int> toRun)
    {
        lock (_gate)
        {
            toRun = [];
            if (entry.Node.List is not { } waiting)
                return false;
            waiting.Remove(entry.Node);
            if (waiting != _outside)
                _queued--;
            toRun = LetIn();
            return true;
        }
    }

    /// <summary>
    /// The next batch of a lane, in order; none: the lane rests. A batch ends before a key that it holds already, so that each key that
    /// the statement returns answers for one row.
    /// </summary>
    public List<GroupCommitEntry<TRow, TKey>> Take(int lane, out List<int> toRun)
    {
        lock (_gate)
        {
            var waiting = _lanes[lane];
            var batch = new List<GroupCommitEntry<TRow, TKey>>(Math.Min(waiting.Count, maxBatch));
            var keys = new HashSet<TKey>();
            while (batch.Count < maxBatch && waiting.First is { } first && keys.Add(first.Value.Key))
            {
                waiting.RemoveFirst();
                batch.Add(first.Value);
            }
            _queued -= batch.Count;
            _busy[lane] = batch.Count > 0;
            toRun = LetIn();
            EndIfDrained();
            return batch;
        }
    }

    /// <summary>No row is taken from now on; those that wait are still written.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            EndIfDrained();
        }
    }

    private List<int> LetIn()
    {
        List<int> woken = [];
        while (_queued < maxQueued && _outside.First is { } first)
        {
            var lane = first.Value.Lane;
            _outside.RemoveFirst();
            _lanes[lane].AddLast(first);
            _queued++;
            first.Value.LetIn();
            if (!_busy[lane])
                woken.Add(lane);
            _busy[lane] = true;
        }
        return woken;
    }

    // A lane that is not busy has nothing waiting, and somebody waits outside only while a lane is busy.
    private void EndIfDrained()
    {
        if (_closed && !_busy.Contains(value: true))
            _drained.TrySetResult();
    }
}
