namespace Gamekeeper.EmbeddedPostgres;

/// <summary>How a private server is found, made, started and stopped. Checked in full before anything is touched.</summary>
public sealed class EmbeddedPostgresOptions
{
    /// <summary>The folder that holds everything of this server: data, password, socket, log. Made when absent. Required.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// A folder with <c>postgres</c> and <c>initdb</c>, and no other place is searched. Default null: GAMEKEEPER_POSTGRES_BIN,
    /// then PATH, then the usual distribution folders.
    /// </summary>
    public string? BinDirectory { get; init; }

    /// <summary>
    /// Put before LD_LIBRARY_PATH of the server, for a privately unpacked PostgreSQL. Default null: GAMEKEEPER_POSTGRES_LIB, else nothing.
    /// </summary>
    public string? LibDirectory { get; init; }

    /// <summary>The superuser made with the cluster. Default <c>gamekeeper_admin</c>. Fixed once the cluster exists.</summary>
    public string SuperuserName { get; init; } = "gamekeeper_admin";

    /// <summary>
    /// The user the server runs as when this process is root. Default null: the owner of existing data, else <c>postgres</c>,
    /// else <c>nobody</c>. Ignored when this process is not root.
    /// </summary>
    public string? RunAsUser { get; init; }

    /// <summary>The loopback port, 1 to 65535. Default null: a free one at each start.</summary>
    public int? Port { get; init; }

    /// <summary>No TCP at all, only the unix socket. Default false.</summary>
    public bool SocketOnly { get; init; }

    /// <summary>
    /// What survives a crash of the machine. Default <see cref="Durability.Full"/>. <see cref="Durability.None"/> is for tests;
    /// <see cref="EmbeddedPostgresServer.Durability"/> tells it, so that a proof can refuse such a server.
    /// </summary>
    public Durability Durability { get; init; } = Durability.Full;

    /// <summary>When another process already runs the server of this folder. Default <see cref="WhenRunning.Adopt"/>.</summary>
    public WhenRunning WhenRunning { get; init; } = WhenRunning.Adopt;

    /// <summary>
    /// Further server settings (<c>work_mem</c> = <c>64MB</c>), which win over the defaults. Default empty. Those this library
    /// decides itself (port, sockets, durability, ...) are refused.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// How long a start may take, recovery after a crash included. Default 60 s, 1 s to 1 h. A big write-ahead log takes
    /// minutes to replay: give it more.
    /// </summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a stop may take, the closing checkpoint included. Default 60 s, 1 s to 1 h.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a dead postmaster that its parent has not yet reaped is waited for. Default 5 s, 0 s to 1 min. After that it is
    /// passed over: a zombie holds nothing.
    /// </summary>
    public TimeSpan ZombiePatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long leftover backends get to obey SIGTERM before SIGKILL. Default 10 s, 0 s to 10 min.</summary>
    public TimeSpan LeftoverPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock of every wait. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where free ports come from; tests hand in a taken one.</summary>
    internal Func<int> ChoosePort { get; init; } = FreePort.Choose;

    /// <exception cref="ArgumentException">A value is out of its range, or a setting is not the caller's to make.</exception>
    internal static void Validate(EmbeddedPostgresOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Directory))
            throw new ArgumentException("Directory is empty; it names the folder that holds the server.", nameof(options));
        if (options.Port is < 1 or > 65535)
            throw new ArgumentException($"Port is {options.Port}; allowed are 1 to 65535, or null for a free one.", nameof(options));
        var name = options.SuperuserName;
        if (name.Length is 0 or > 63 || name.StartsWith("pg_", StringComparison.Ordinal)
            || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
            throw new ArgumentException(
                $"SuperuserName is '{name}'; allowed are 1 to 63 of a-z, 0-9 and _, not beginning with pg_.", nameof(options));
        Within(options, nameof(StartTimeout), options.StartTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Within(options, nameof(StopTimeout), options.StopTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Within(options, nameof(ZombiePatience), options.ZombiePatience, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Within(options, nameof(LeftoverPatience), options.LeftoverPatience, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        ServerSettings.Validate(options);
    }

    private static void Within(EmbeddedPostgresOptions options, string name, TimeSpan value, TimeSpan min, TimeSpan max)
    {
        if (value < min || value > max)
            throw new ArgumentException($"{name} is {value}; it must lie between {min} and {max}.", nameof(options));
    }
}

/// <summary>What a commit is worth when the machine loses power.</summary>
public enum Durability
{
    /// <summary>PostgreSQL's own promise: what was committed is there.</summary>
    Full,

    /// <summary>fsync, synchronous_commit and full_page_writes off: fast, and a crash of the machine may ruin everything.</summary>
    None,
}

/// <summary>What to do about a live server that another process started on the same folder.</summary>
public enum WhenRunning
{
    /// <summary>Use it; disposing leaves it running.</summary>
    Adopt,

    /// <summary>Throw <see cref="EmbeddedPostgresErrors.AlreadyRunning"/> with its process id and port.</summary>
    Refuse,
}

/// <summary>How a server ends.</summary>
public enum StopMode
{
    /// <summary>Roll back open transactions, close connections, checkpoint.</summary>
    Fast,

    /// <summary>Drop everything as in a crash; the next start recovers. For tests.</summary>
    Immediate,
}
