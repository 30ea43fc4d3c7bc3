namespace Gamekeeper.Transactions;

/// <summary>How Gamekeeper reaches PostgreSQL. Bound from configuration section <c>Gamekeeper:Database</c>; read once at start.</summary>
public sealed class GameDatabaseOptions
{
    /// <summary>Npgsql connection string of the primary, as the application role. Usually <c>ConnectionStrings__Postgres</c>. Required.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The same for read replicas; null (default) reads everything from the primary.</summary>
    public string? ReplicaConnectionString { get; set; }

    /// <summary>Most connections of one process to one server. Default 20, 1 to 1000. Two to four a core serve best.</summary>
    public int MaxConnections { get; set; } = 20;

    /// <summary>How long opening a connection may take before it fails. Default 5 s, 1 s to 5 min.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A round trip from this duration on is logged and counted as slow. Default 1 s; null never.</summary>
    public TimeSpan? SlowStatement { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a write that may be repeated is run in all. Default 8, 1 to 100.</summary>
    public int MaxAttempts { get; set; } = 8;

    /// <summary>
    /// How long a write waits for a database that went away before it fails. Default 15 s, 0 to 10 min; zero fails at once.
    /// </summary>
    public TimeSpan MaxOutage { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>What stands between us and PostgreSQL. Default <see cref="DatabasePooling.Direct"/>.</summary>
    public DatabasePooling Pooling { get; set; } = DatabasePooling.Direct;

    internal IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(ConnectionString))
            yield return "No connection string for PostgreSQL: set the environment variable ConnectionStrings__Postgres.";
        if (MaxConnections is < 1 or > 1000)
            yield return $"Gamekeeper:Database:MaxConnections is {MaxConnections}; it takes 1 to 1000.";
        if (ConnectTimeout < TimeSpan.FromSeconds(1) || ConnectTimeout > TimeSpan.FromMinutes(5))
            yield return $"Gamekeeper:Database:ConnectTimeout is {ConnectTimeout}; it takes 1 s to 5 min.";
        if (SlowStatement is { } slow && slow <= TimeSpan.Zero)
            yield return $"Gamekeeper:Database:SlowStatement is {slow}; it takes a positive duration, or null for never.";
        if (MaxAttempts is < 1 or > 100)
            yield return $"Gamekeeper:Database:MaxAttempts is {MaxAttempts}; it takes 1 to 100.";
        if (MaxOutage < TimeSpan.Zero || MaxOutage > TimeSpan.FromMinutes(10))
            yield return $"Gamekeeper:Database:MaxOutage is {MaxOutage}; it takes 0 to 10 min.";
    }
}

/// <summary>What a connection string leads to.</summary>
public enum DatabasePooling
{
    /// <summary>PostgreSQL itself: statements are prepared and kept.</summary>
    Direct,

    /// <summary>PgBouncer in transaction mode: nothing is prepared, no session state is set.</summary>
    PgBouncerTransaction,
}
