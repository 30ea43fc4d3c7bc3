namespace Gamekeeper.Caching.Faults;

/// <summary>What keeps an old value from being answered; each can be taken away to see the proof fail without it.</summary>
[Flags]
internal enum Safeguards
{
    /// <summary>Nothing is taken away.</summary>
    None = 0,

    /// <summary>A load that a write has overtaken is not kept, in process or in Redis.</summary>
    Ticket = 1,

    /// <summary>Nothing is answered from a cache once the lease has run out.</summary>
    Lease = 2,

    /// <summary>A writer waits until every node has said that it dropped its value.</summary>
    Acknowledgement = 4,

    /// <summary>Values of an earlier epoch do not count, and are under other keys in Redis.</summary>
    Epoch = 8,

    /// <summary>Values of another run of the Redis server do not count.</summary>
    RunId = 16,
}
