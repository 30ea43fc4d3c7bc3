namespace Gamekeeper.Caching.Levels;

/// <summary>The values of one kind in this process, as the fence and the statistics see them.</summary>
internal interface IPlaces
{
    CacheKey Key { get; }

    Counts Counts { get; }

    /// <summary>How many values are held.</summary>
    int Held { get; }

    /// <summary>Forgets a value, and whatever is being loaded for it right now will not be kept.</summary>
    void Drop(ReadOnlySpan<char> id);

    /// <summary>Forgets all values of the kind.</summary>
    void DropAll();
}
