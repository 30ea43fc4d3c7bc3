using System.Text.Json.Serialization;

namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>What was recorded up to a moment: the text that is signed (docs/reference/checkpoint-format.md). Hashes in lower-case hex.</summary>
public sealed record Checkpoint
{
    /// <summary>The name and version of this form.</summary>
    public const string CurrentFormat = "gamekeeper.checkpoint/1";

    public string Format { get; init; } = CurrentFormat;

    /// <summary>1 for the first; then one more each.</summary>
    public required long Number { get; init; }

    /// <summary>When it was made, by the database's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The one before; null for the first.</summary>
    public CheckpointReference? Previous { get; init; }

    /// <summary>
    /// Numbers that were lost when the database was put back to an earlier state, which an operator acknowledged: their objects stay and
    /// belong to no checkpoint of this database. Null nearly always.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NumberRange? Abandons { get; init; }

    /// <summary>The key that signs it.</summary>
    public required string KeyId { get; init; }

    /// <summary>The object with every row's hash; null when no row was added.</summary>
    public LeavesReference? Leaves { get; init; }

    /// <summary>Each table.</summary>
    public required IReadOnlyList<SourceCut> Sources { get; init; }
}

/// <summary>The checkpoint before.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Hash">SHA-256 of its text.</param>
public sealed record CheckpointReference(long Number, string Hash);

/// <summary>The object with the rows' hashes.</summary>
/// <param name="Object">Its name.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Of its content.</param>
public sealed record LeavesReference(string Object, long Length, string Sha256);

/// <summary>What one checkpoint says of one table.</summary>
public sealed record SourceCut
{
    /// <summary>Schema and table.</summary>
    public required string Name { get; init; }

    /// <summary>How many rows it covers.</summary>
    public required long Rows { get; init; }

    /// <summary>Merkle root over their hashes, by number and key; null without rows.</summary>
    public string? Root { get; init; }

    /// <summary>Their numbers; from the first of the first to the last of the last.</summary>
    public required IReadOnlyList<NumberRange> Covered { get; init; }

    /// <summary>Rows of all checkpoints up to this one.</summary>
    public required long Total { get; init; }

    /// <summary>The greatest number seen so far. What comes later has a greater one, or one of <see cref="Open"/>.</summary>
    public required long Through { get; init; }

    /// <summary>Numbers up to there that nobody has seen and a transaction under way may still bring.</summary>
    public required IReadOnlyList<NumberRange> Open { get; init; }

    /// <summary>Those transactions, while <see cref="Open"/> has numbers.</summary>
    public required IReadOnlyList<string> WaitsFor { get; init; }

    internal static SourceCut None(string name) =>
        new() { Name = name, Rows = 0, Covered = [], Total = 0, Through = 0, Open = [], WaitsFor = [] };

    /// <summary>What stands when nothing was added.</summary>
    internal SourceCut WithoutRows() => this with { Rows = 0, Root = null, Covered = [] };
}
