namespace Gamekeeper.Caching.Levels;

/// <summary>What became of the reads of one kind since the process started.</summary>
internal sealed class Counts
{
    private long _firstLevel;
    private long _secondLevel;
    private long _joined;
    private long _loaded;
    private long _bypassed;
    private long _stale;
    private long _dropped;
    private long _evicted;

    public void FirstLevel() => Interlocked.Increment(ref _firstLevel);

    public void SecondLevel() => Interlocked.Increment(ref _secondLevel);

    public void Joined() => Interlocked.Increment(ref _joined);

    public void Loaded() => Interlocked.Increment(ref _loaded);

    public void Bypassed() => Interlocked.Increment(ref _bypassed);

    public void Stale() => Interlocked.Increment(ref _stale);

    public void Dropped() => Interlocked.Increment(ref _dropped);

    public void Evicted() => Interlocked.Increment(ref _evicted);

    public CacheCounts Read() =>
        new(
            Volatile.Read(ref _firstLevel),
            Volatile.Read(ref _secondLevel),
            Volatile.Read(ref _joined),
            Volatile.Read(ref _loaded),
            Volatile.Read(ref _bypassed),
            Volatile.Read(ref _stale),
            Volatile.Read(ref _dropped),
            Volatile.Read(ref _evicted)
        );
}
