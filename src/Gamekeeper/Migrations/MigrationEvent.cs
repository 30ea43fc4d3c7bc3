namespace Gamekeeper.Migrations;

/// <summary>What the runner is doing, for the person who watches.</summary>
public abstract record MigrationEvent
{
    private MigrationEvent() { }

    /// <summary>Another runner is at work; told again whenever its holder changes.</summary>
    /// <param name="Holder">Who holds the lock: process id, application, address, since when.</param>
    /// <param name="Waited">For how long this runner has waited.</param>
    public sealed record WaitingForRunner(string Holder, TimeSpan Waited) : MigrationEvent;

    /// <summary>The history names something that this code does not know: another version was here.</summary>
    public sealed record UnknownToThisCode(string Schema, string Name) : MigrationEvent;

    /// <summary>A migration begins; <paramref name="Locks"/> is what its head says.</summary>
    public sealed record Started(string Schema, string Name, MigrationPhase Phase, string? Locks) : MigrationEvent;

    /// <summary>A lock was not to be had in time; the migration was rolled back and runs again.</summary>
    public sealed record LockedOut(string Schema, string Name, int Attempt, string Reason) : MigrationEvent;

    /// <summary>An index that an earlier, interrupted build left invalid was dropped and is built again.</summary>
    public sealed record InvalidIndexDropped(string Schema, string Name, string Index) : MigrationEvent;

    /// <summary>A data migration has done another bite.</summary>
    public sealed record Progressed(string Schema, string Name, long Changed, string? Progress) : MigrationEvent;

    /// <summary>A migration is done and recorded.</summary>
    public sealed record Applied(string Schema, string Name, TimeSpan Duration, long? Changed) : MigrationEvent;

    /// <summary>A migration was taken back.</summary>
    public sealed record TakenBack(string Schema, string Name, TimeSpan Duration) : MigrationEvent;
}
