namespace Gamekeeper.Simulation.Reads;

/// <summary>What is broken on purpose.</summary>
public enum FaultKind
{
    /// <summary>SIGKILL of Redis, which comes back empty.</summary>
    RedisKilled,

    /// <summary>SIGKILL of Redis, which comes back with what it held a while ago; partly while a node has no way to PostgreSQL, or stands still.</summary>
    RedisOldDump,

    /// <summary>Redis stands still, and goes on.</summary>
    RedisPaused,

    /// <summary>FLUSHALL, again and again.</summary>
    RedisFlushed,

    /// <summary>What nodes send to Redis does not arrive until later, or never.</summary>
    RedisRequestsHeld,

    /// <summary>What Redis sends to nodes does not arrive until later, or never.</summary>
    RedisAnswersHeld,

    /// <summary>Both.</summary>
    RedisHeld,

    /// <summary>What nodes and PostgreSQL send each other does not arrive, in one direction or in both; half of the time the same with Redis.</summary>
    PostgresHeld,

    /// <summary>A node stands still, and goes on.</summary>
    NodePaused,

    /// <summary>A node dies after a commit, before it has told anybody.</summary>
    WriterKilled,
}

/// <summary>How they are called on the command line and in what is printed.</summary>
public static class FaultKinds
{
    /// <summary>In lower case, with hyphens: <c>redis-old-dump</c>.</summary>
    public static string Name(FaultKind kind) =>
        string.Concat(kind.ToString().Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));

    /// <summary>Those that there are, by their names.</summary>
    public static IReadOnlyDictionary<string, FaultKind> ByName { get; } = Enum.GetValues<FaultKind>().ToDictionary(Name, StringComparer.Ordinal);
}
