namespace Gamekeeper.Migrations;

/// <summary>
/// A change of data rather than of schema: ordered, batched, resumable, recorded in the same history. It is called again and again
/// until it says it is done; each call is one bounded bite in transactions of its own, so an interruption loses at most that bite.
/// </summary>
public interface IDataMigration
{
    /// <summary>Timestamp name, as for SQL files: fourteen digits, underscore, title. Unique in its schema; never changed.</summary>
    string Name { get; }

    /// <summary>One sentence for the person who runs it.</summary>
    string Description { get; }

    /// <summary>Does the next bite, from where <paramref name="progress"/> says the last one ended.</summary>
    /// <param name="progress">What the last bite returned; null at the very first.</param>
    /// <param name="cancellationToken">Ends the work between bites.</param>
    Task<DataMigrationStep> StepAsync(string? progress, CancellationToken cancellationToken);
}

/// <summary>What one bite did.</summary>
/// <param name="Progress">Where the next bite starts; kept in the history.</param>
/// <param name="Changed">Rows changed by this bite.</param>
/// <param name="Done">True when nothing is left.</param>
public sealed record DataMigrationStep(string? Progress, long Changed, bool Done);
