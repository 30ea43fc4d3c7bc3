namespace Gamekeeper.Migrations;

/// <summary>How taking back ended.</summary>
public abstract record DownOutcome
{
    private DownOutcome() { }

    /// <summary>These were taken back, newest first; none when nothing was applied.</summary>
    public sealed record TakenBack(IReadOnlyList<string> Names) : DownOutcome;

    /// <summary>Data is not disposable here: go forward with a new migration, or restore.</summary>
    public sealed record RefusedHere(GamekeeperEnvironment Environment) : DownOutcome;

    /// <summary>This one has no down file in this code; those after it were taken back.</summary>
    public sealed record NoWayBack(string Schema, string Name) : DownOutcome;
}
