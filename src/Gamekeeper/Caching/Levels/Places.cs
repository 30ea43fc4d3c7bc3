using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gamekeeper.Caching.Levels;

/// <summary>The values of one kind in this process, and the loads under way.</summary>
internal sealed class Places<TId, TValue>(CacheKey<TId, TValue> key, FirstLevel level) : IPlaces
    where TId : ISpanParsable<TId>, IEquatable<TId>
    where TValue : class
{
    private readonly ConcurrentDictionary<TId, Entry<TId, TValue>> _entries = new();
    private readonly ConcurrentDictionary<TId, Load<TValue>> _loads = new();

    public CacheKey Key => key;

    public Counts Counts { get; } = new();

    public int Held => _entries.Count;

    /// <summary>The value, if it counts under this epoch and its time has not run out.</summary>
    public bool TryGet(TId id, long epoch, long now, [NotNullWhen(true)] out Entry<TId, TValue>? entry)
    {
        if (_entries.TryGetValue(id, out entry) && entry.Epoch == epoch && now < entry.EndsAt)
        {
            if (!entry.WasRead)
                entry.WasRead = true;
            return true;
        }
        return false;
    }

    /// <summary>
    /// The last value that nobody is known to have made old, whatever its epoch, kept since <paramref name="since"/> or later. What has tags is
    /// never among them: whether they were removed can be asked under a lease alone.
    /// </summary>
    public bool TryGetStale(TId id, long since, [NotNullWhen(true)] out TValue? value)
    {
        value = _entries.TryGetValue(id, out var entry) && entry.KeptAt >= since && entry.Stamp is null ? entry.Answer.Result : null;
        return value is not null;
    }

    /// <summary>The load under way, or a new one that the caller has to carry out.</summary>
    public Load<TValue> Join(TId id, long epoch, out bool isMine, LoadMode mode = LoadMode.Usual)
    {
        while (true)
        {
            if (_loads.TryGetValue(id, out var running))
            {
                if (running.Epoch == epoch)
                {
                    isMine = false;
                    return running;
                }
                Detach(id, running);
            }
            var mine = new Load<TValue>(epoch, mode);
            if (_loads.TryAdd(id, mine))
            {
                isMine = true;
                return mine;
            }
        }
    }

    /// <summary>Keeps what a load brought, unless it was detached meanwhile and that is heeded.</summary>
    public void Keep(TId id, Load<TValue> load, TValue? value, long keptAt, long endsAt, int encoded, bool evenIfDetached = false)
    {
        var entry = new Entry<TId, TValue>(this, id, value, load.Epoch, keptAt, endsAt, (long)encoded * key.Codec.MemoryPerByte) { Stamp = load.Stamp };
        lock (load)
        {
            if (load.IsDetached && !evenIfDetached)
                return;
            Remove(id);
            if (!_entries.TryAdd(id, entry))
                return;
        }
        level.Added(entry);
    }

    /// <summary>The load is over; the next caller begins another.</summary>
    public void Leave(TId id, Load<TValue> load) => _loads.TryRemove(KeyValuePair.Create(id, load));

    public void Drop(ReadOnlySpan<char> id)
    {
        if (TId.TryParse(id, CultureInfo.InvariantCulture, out var parsed))
            Drop(parsed);
    }

    /// <summary>First the load, then the value: a load that keeps its value in between keeps it where it is removed next.</summary>
    public void Drop(TId id)
    {
        if (_loads.TryGetValue(id, out var load))
            Detach(id, load);
        if (Remove(id))
            Counts.Dropped();
    }

    public void DropAll()
    {
        foreach (var (id, load) in _loads)
            Detach(id, load);
        foreach (var (id, _) in _entries)
            Remove(id);
    }

    public bool TryRemove(Entry<TId, TValue> entry)
    {
        if (!_entries.TryRemove(KeyValuePair.Create(entry.Id, entry)))
            return false;
        level.Removed(entry);
        Counts.Evicted();
        return true;
    }

    private void Detach(TId id, Load<TValue> load)
    {
        lock (load)
            load.IsDetached = true;
        Leave(id, load);
    }

    private bool Remove(TId id)
    {
        if (!_entries.TryRemove(id, out var entry))
            return false;
        level.Removed(entry);
        return true;
    }
}
