namespace Gamekeeper.EmbeddedPostgres;

/// <summary>What lies in a folder and whether it runs, without starting anything.</summary>
public sealed record EmbeddedPostgresStatus
{
    /// <summary>A live server owns the folder; it may still be starting, see <see cref="Ready"/>.</summary>
    public required bool Running { get; init; }

    /// <summary>It accepts connections.</summary>
    public required bool Ready { get; init; }

    /// <summary>Null when not running.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Null when not running or not yet known.</summary>
    public int? Port { get; init; }

    /// <summary>Null when not running or not yet known.</summary>
    public string? SocketDirectory { get; init; }

    /// <summary>The major version that wrote the data; null when there is no cluster yet.</summary>
    public int? MajorVersion { get; init; }

    /// <summary>Where the data lie, or would lie when there are none.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The folder asked for, when the data had to go elsewhere; else null.</summary>
    public string? RelocatedFrom { get; init; }
}

/// <summary>How a server ended.</summary>
/// <param name="ExitCode">0 after an orderly stop, 128 + the signal's number when killed; null for an adopted server.</param>
/// <param name="Requested">This process asked for it.</param>
public sealed record ServerExit(int? ExitCode, bool Requested);
