namespace Gamekeeper.Batching;

/// <summary>Rows that wait in the memory of the process, one a key, in the order in which their keys first came.</summary>
internal sealed class QueuedRows(int most)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<QueuedRow>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<QueuedRow> _line = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _byKey.Count;
        }
    }

    /// <summary>False when it does not fit.</summary>
    public bool TryAdd(QueuedRow row)
    {
        lock (_gate)
        {
            if (_byKey.TryGetValue(row.Key, out var waiting))
            {
                waiting.Value = row;
                return true;
            }
            if (_byKey.Count >= most)
                return false;
            _byKey[row.Key] = _line.AddLast(row);
            return true;
        }
    }

    public IReadOnlyList<QueuedRow> Peek(int count)
    {
        lock (_gate)
            return [.. _line.Take(count)];
    }

    /// <summary>Removes these rows, but for those that another one has replaced.</summary>
    public void Remove(IEnumerable<QueuedRow> rows)
    {
        lock (_gate)
        {
            foreach (var row in rows)
            {
                if (_byKey.TryGetValue(row.Key, out var waiting) && ReferenceEquals(waiting.Value.Json, row.Json))
                {
                    _byKey.Remove(row.Key);
                    _line.Remove(waiting);
                }
            }
        }
    }
}
