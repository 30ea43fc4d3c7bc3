namespace Gamekeeper.Batching;

/// <summary>Where rows wait that outlive their process; shared by all processes on one database.</summary>
internal interface IWriteBehindQueue
{
    /// <summary>False while nothing can be kept there: then rows wait in the memory of their process.</summary>
    bool IsUsable { get; }

    /// <summary>Takes rows over, each in the place of the one with the same key. How many of them, from the first: the others do not fit.</summary>
    /// <exception cref="IOException">It failed, and may have taken some.</exception>
    Task<int> AddAsync(string name, IReadOnlyList<QueuedRow> rows, int most);

    /// <summary>The right to write what waits, for so long; false when another process has it.</summary>
    /// <exception cref="IOException">It failed.</exception>
    Task<bool> TryBeginAsync(string name, Guid writer, TimeSpan most);

    /// <summary>Gives it back.</summary>
    /// <exception cref="IOException">It failed; it ends by itself.</exception>
    Task EndAsync(string name, Guid writer);

    /// <summary>Some of what waits; it stays.</summary>
    /// <exception cref="IOException">It failed.</exception>
    Task<IReadOnlyList<QueuedRow>> PeekAsync(string name, int most);

    /// <summary>Removes rows that were written, but for those that another one has replaced meanwhile.</summary>
    /// <exception cref="IOException">It failed; they are written again.</exception>
    Task RemoveAsync(string name, IReadOnlyList<QueuedRow> rows);
}

/// <summary>A row that waits.</summary>
/// <param name="Key">What it is about: a later row of the same key takes its place.</param>
/// <param name="Json">The row.</param>
internal readonly record struct QueuedRow(string Key, byte[] Json);
