namespace Gamekeeper.Caching.Values;

/// <summary>
/// How a value stands in Redis: compact and binary, members in a fixed order. A change of the layout takes another
/// <see cref="Version"/>, so that nodes of two releases can share one Redis: each ignores what the other wrote.
/// </summary>
public abstract class CacheCodec<TValue>
{
    /// <summary>The number of the layout, 1 to 255.</summary>
    public abstract byte Version { get; }

    /// <summary>
    /// How many bytes of memory a byte of the encoding becomes, roughly, for the bound of the memory of the process. 2, as texts have it; a
    /// codec that packs tightly says more.
    /// </summary>
    public virtual int MemoryPerByte => 2;

    /// <summary>Writes all members.</summary>
    public abstract void Write(CacheWriter writer, TValue value);

    /// <summary>Reads them in the same order.</summary>
    public abstract TValue Read(ref CacheReader reader);
}
