namespace Gamekeeper.Migrations;

/// <summary>How migrations run. Bound from configuration section <c>Gamekeeper:Migrations</c>.</summary>
public sealed class MigrationOptions
{
    /// <summary>Connection string of the owner role, usually <c>ConnectionStrings__PostgresOwner</c>; direct, not through PgBouncer. Required by every verb that asks the database.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>How long one statement waits for a lock before its migration is rolled back and tried again. Default 5 s, 10 ms to 10 min.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a migration that met a lock is tried in all. Default 10, 1 to 1000.</summary>
    public int MaxAttempts { get; set; } = 10;

    /// <summary>How long to wait for another runner to finish. Default 10 min; zero fails at once.</summary>
    public TimeSpan WaitForRunner { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Apply a file that is older than one already applied in its schema. Default false: it is refused by name.</summary>
    public bool AllowOutOfOrder { get; set; }

    /// <summary>The database spans several servers: files marked <c>--@single-server</c> are passed over. Default false.</summary>
    public bool Distributed { get; set; }

    internal IEnumerable<string> Problems()
    {
        if (LockTimeout < TimeSpan.FromMilliseconds(10) || LockTimeout > TimeSpan.FromMinutes(10))
            yield return $"Gamekeeper:Migrations:LockTimeout is {LockTimeout}; it takes 10 ms to 10 min.";
        if (MaxAttempts is < 1 or > 1000)
            yield return $"Gamekeeper:Migrations:MaxAttempts is {MaxAttempts}; it takes 1 to 1000.";
        if (WaitForRunner < TimeSpan.Zero)
            yield return $"Gamekeeper:Migrations:WaitForRunner is {WaitForRunner}; it takes zero or more.";
    }
}
