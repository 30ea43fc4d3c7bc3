using System.Collections.Concurrent;

namespace Gamekeeper.Caching.Levels;

/// <summary>
/// The memory of the process: bounded by bytes over all kinds together. What was not read since it last came up for eviction goes
/// (second chance): reading takes no lock and moves nothing.
/// </summary>
internal sealed class FirstLevel(long maxBytes)
{
    private readonly ConcurrentQueue<Entry> _queue = new();
    private long _bytes;
    private int _held;

    public long Bytes => Volatile.Read(ref _bytes);

    public long MaxBytes => maxBytes;

    /// <summary>Counts an entry that was put into its place, and makes room.</summary>
    public void Added(Entry entry)
    {
        Interlocked.Add(ref _bytes, entry.Bytes);
        Interlocked.Increment(ref _held);
        _queue.Enqueue(entry);
        // Entries that were dropped meanwhile stay in the queue until they come up; it must not grow beyond what is held. Twice round: the
        // first time takes the notes of reading away.
        for (var left = 2 * _queue.Count; left > 0 && (IsFull || IsLong) && _queue.TryDequeue(out var oldest); left--)
        {
            if (!oldest.IsHeld || (IsFull && !oldest.WasRead && oldest.TryEvict()))
                continue;
            oldest.WasRead &= !IsFull;
            _queue.Enqueue(oldest);
        }
    }

    private bool IsFull => Bytes > maxBytes;

    private bool IsLong => _queue.Count > 2 * Volatile.Read(ref _held) + 1024;

    /// <summary>Counts an entry that has left its place, for whatever reason.</summary>
    public void Removed(Entry entry)
    {
        entry.IsHeld = false;
        Interlocked.Add(ref _bytes, -entry.Bytes);
        Interlocked.Decrement(ref _held);
    }
}
