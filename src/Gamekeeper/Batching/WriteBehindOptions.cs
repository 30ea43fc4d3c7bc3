namespace Gamekeeper.Batching;

/// <summary>What is written behind its callers' backs, and what may be lost of it. There is none without such a declaration.</summary>
public sealed record WriteBehindOptions
{
    /// <summary>Stable name, such as <c>core.session-use</c>: lower case words, dots and hyphens; the tag of its metrics, and a key in Redis.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Why nobody minds when rows of the last <see cref="Interval"/> are lost. Never ownership, trades, money, or what somebody was promised:
    /// those are written by <see cref="GroupCommit{TRow,TKey}"/> or a transaction of their own.
    /// </summary>
    public required string LossIsFineSince { get; init; }

    /// <summary>
    /// How long a row waits at most before it is written, and so what a killed process loses at most. Default 10 s, 100 ms to 10 min. Where
    /// nodes share a Redis, rows are handed to it after <see cref="ShareAfter"/>, and no more than that is lost.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a row stays in the memory of its process alone, where there is a Redis. Default 1 s, 10 ms to the interval.</summary>
    public TimeSpan ShareAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Most rows of one statement. Default 500, 1 to 10 000.</summary>
    public int MaxBatch { get; init; } = 500;

    /// <summary>
    /// Most rows, by their keys, that may wait in the memory of a process, and as many again in Redis. A row beyond is refused and its caller told.
    /// Default 100 000, 1 to 1 000 000.
    /// </summary>
    public int MaxQueued { get; init; } = 100_000;

    internal string? Problem() =>
        string.IsNullOrWhiteSpace(Name) || Name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('.' or '-' or '_')) ? $"'{Name}' is no name of a write-behind; it takes lower case words, dots and hyphens."
        : string.IsNullOrWhiteSpace(LossIsFineSince) ? $"{Name} does not say why its rows may be lost; what may not is not written behind."
        : Interval < TimeSpan.FromMilliseconds(100) || Interval > TimeSpan.FromMinutes(10) ? $"Interval of {Name} is {Interval}; it takes 100 ms to 10 min."
        : ShareAfter < TimeSpan.FromMilliseconds(10) || ShareAfter > Interval ? $"ShareAfter of {Name} is {ShareAfter}; it takes 10 ms to its interval, {Interval}."
        : MaxBatch is < 1 or > BatchSize.Rows ? $"MaxBatch of {Name} is {MaxBatch}; it takes 1 to {BatchSize.Rows}."
        : MaxQueued is < 1 or > 1_000_000 ? $"MaxQueued of {Name} is {MaxQueued}; it takes 1 to 1 000 000."
        : null;
}
