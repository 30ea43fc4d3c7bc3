using Gamekeeper.Caching.Tags;

namespace Gamekeeper.Caching.Levels;

/// <summary>One value in memory, as the eviction sees it.</summary>
/// <param name="epoch">Number of the epoch under which it was published; void under any other.</param>
/// <param name="keptAt">When, as a timestamp of the process's clock.</param>
/// <param name="endsAt">Until when it may be answered.</param>
/// <param name="bytes">What it weighs, without <see cref="Overhead"/>.</param>
internal abstract class Entry(long epoch, long keptAt, long endsAt, long bytes)
{
    /// <summary>
    /// What each entry takes beside the members of its value: itself, node and bucket of the dictionary, its place in the queue, the task
    /// around the value, the value's own head. Measured.
    /// </summary>
    public const int Overhead = 400;

    public long Epoch { get; } = epoch;

    public long KeptAt { get; } = keptAt;

    public long EndsAt { get; } = endsAt;

    public long Bytes { get; } = Overhead + bytes;

    // Written by every reader without a lock: a lost note costs one value its second chance.
    public bool WasRead { get; set; }

    public bool IsHeld { get; set; } = true;

    /// <summary>Takes it out of its place if it is still there.</summary>
    public abstract bool TryEvict();
}

/// <summary>The value itself.</summary>
internal sealed class Entry<TId, TValue>(Places<TId, TValue> places, TId id, TValue? value, long epoch, long keptAt, long endsAt, long bytes)
    : Entry(epoch, keptAt, endsAt, bytes)
    where TId : ISpanParsable<TId>, IEquatable<TId>
    where TValue : class
{
    public TId Id { get; } = id;

    /// <summary>The tokens of its tags; null when it has none.</summary>
    public TagStamp? Stamp { get; init; }

    /// <summary>The finished task that every caller is given, so that a hit allocates nothing. Null in it: it is known that there is none.</summary>
    public Task<TValue?> Answer { get; } = Task.FromResult(value);

    public override bool TryEvict() => places.TryRemove(this);
}
