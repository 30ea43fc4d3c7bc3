namespace Gamekeeper.Migrations;

/// <summary>The part a migration plays in a change without downtime.</summary>
public enum MigrationPhase
{
    /// <summary>Adds what the next version needs; the running version does not notice. Applied before the next version starts.</summary>
    Expand,

    /// <summary>Moves data while both versions run.</summary>
    Migrate,

    /// <summary>Takes away what no running version needs any more. Applied once every instance is on the new version.</summary>
    Contract,
}
