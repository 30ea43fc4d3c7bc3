namespace Gamekeeper.Redis;

/// <summary>
/// How Gamekeeper reaches Redis, which is a cache and may be away. Bound from configuration section <c>Gamekeeper:Redis</c>; read once at start.
/// </summary>
public sealed class RedisOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Gamekeeper:Redis";

    /// <summary>
    /// Where Redis is, usually <c>ConnectionStrings__Redis</c>; null (default): there is none, and nothing is cached there. One of
    /// <c>redis://[user[:password]@]host[:port][/db]</c>, <c>rediss://…</c> with TLS, <c>unix:///path[?db=1]</c>, or
    /// <c>host:port,user=…,password=…,ssl=true,defaultDatabase=1</c>. User and password of a URL are percent-encoded.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// PEM file with the authorities whose certificates are trusted with TLS, instead of the system's. Default null: the system's. The chain and
    /// the host's name are always verified; revocation is not looked up.
    /// </summary>
    public string? CertificateAuthorityFile { get; set; }

    /// <summary>How long making a connection may take, TLS and signing in included. Default 5 s, 100 ms to 1 min.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a command waits for its answer. Default 1 s, 10 ms to 1 min. The command may still run afterwards.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a connection may owe an answer before it is given up and made anew. Default 3 s, at least CommandTimeout, at most 10 min.
    /// </summary>
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// After how long without an answer an idle connection is asked whether it still lives. Default 1 s, 10 ms to 1 min. A silent death is
    /// noticed after this and <see cref="SilenceLimit"/> together at the latest.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause before the first attempt after a loss; it doubles with every failure. Half of a pause is random. Default 50 ms, 1 ms to 1 min.</summary>
    public TimeSpan ReconnectDelayMin { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause between attempts. Default 5 s, at least ReconnectDelayMin, at most 10 min.</summary>
    public TimeSpan ReconnectDelayMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest answer that is taken, in bytes; a server that announces more is cut off. Default 64 MiB, 1 KiB to 512 MiB.</summary>
    public int MaxReplyBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Bytes that may wait to be sent; beyond it commands are refused. Default 64 MiB, 64 KiB to 512 MiB.</summary>
    public int MaxUnsentBytes { get; set; } = 64 * 1024 * 1024;

    internal RespLimits Limits => new(MaxReplyBytes);

    // How often time-outs and silence are looked at: late by that much at most, and no timer for each command.
    internal TimeSpan WatchInterval => TimeSpan.FromMilliseconds(Math.Clamp(CommandTimeout.TotalMilliseconds / 10, 5, 20));

    internal IEnumerable<string> Problems()
    {
        if (ConnectionString is { Length: > 0 } text && RedisAddressText.Problem(text) is { } problem)
            yield return $"The connection string for Redis (ConnectionStrings__Redis) cannot be used: {problem}";
        if (CertificateAuthorityFile is { Length: > 0 } file && !File.Exists(file))
            yield return $"{Section}:CertificateAuthorityFile is '{file}', which does not exist.";
        var ranges = new[]
        {
            Range(nameof(ConnectTimeout), ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
            Range(nameof(CommandTimeout), CommandTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            Range(nameof(SilenceLimit), SilenceLimit, CommandTimeout, TimeSpan.FromMinutes(10)),
            Range(nameof(HeartbeatInterval), HeartbeatInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            Range(nameof(ReconnectDelayMin), ReconnectDelayMin, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
            Range(nameof(ReconnectDelayMax), ReconnectDelayMax, ReconnectDelayMin, TimeSpan.FromMinutes(10)),
            Range(nameof(MaxReplyBytes), MaxReplyBytes, 1024, 512 * 1024 * 1024),
            Range(nameof(MaxUnsentBytes), MaxUnsentBytes, 64 * 1024, 512 * 1024 * 1024),
        };
        foreach (var outOfRange in ranges.OfType<string>())
            yield return outOfRange;
    }

    /// <summary>Where it leads, without user and password.</summary>
    public override string ToString() =>
        ConnectionString is not { Length: > 0 } text ? "no Redis"
        : RedisAddressText.Problem(text) is null ? RedisAddressText.Parse(text).ToString()
        : "a Redis whose connection string cannot be used";

    private static string? Range<T>(string name, T value, T min, T max)
        where T : IComparable<T> =>
        value.CompareTo(min) < 0 || value.CompareTo(max) > 0 ? $"{Section}:{name} is {value}; it takes {min} to {max}." : null;
}
