using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>
/// gamekeeper.conf, which postgresql.conf includes. Everything stands in the file and nothing on the command line: such a setting would be
/// lost when somebody starts the server by hand.
/// </summary>
internal static partial class ServerSettings
{
    private static readonly string[] DurabilitySettings = ["fsync", "synchronous_commit", "full_page_writes"];

    private static readonly string[] DecidedHere =
    [
        .. DurabilitySettings, "listen_addresses", "port", "unix_socket_directories", "data_directory", "hba_file", "ident_file",
        "config_file", "external_pid_file", "logging_collector", "log_destination", "lc_messages",
        "include", "include_dir", "include_if_exists",
    ];

    /// <exception cref="ArgumentException">A name that is none, one decided by another option, or a value of several lines.</exception>
    public static void Validate(EmbeddedPostgresOptions options)
    {
        foreach (var (name, value) in options.Settings)
        {
            if (!Name().IsMatch(name))
                throw new ArgumentException($"Settings holds '{name}', which is not the name of a server setting.", nameof(options));
            if (DecidedHere.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new ArgumentException(
                    $"Settings holds '{name}', which this library decides: see Port, SocketOnly and Durability.", nameof(options));
            if (value.AsSpan().IndexOfAny('\n', '\r', '\0') >= 0)
                throw new ArgumentException($"Settings['{name}'] spans several lines.", nameof(options));
        }
    }

    public static string Text(EmbeddedPostgresOptions options, int port, string socketDirectory, bool hasStatements)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["listen_addresses"] = options.SocketOnly ? "" : "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = socketDirectory,
            ["password_encryption"] = "scram-sha-256",
            // A small server of one game team: room for a pool per process, a quarter of a gigabyte of cache.
            ["max_connections"] = "200",
            ["shared_buffers"] = options.Durability == Durability.Full ? "256MB" : "64MB",
            ["effective_cache_size"] = "1GB",
            ["work_mem"] = "8MB",
            ["maintenance_work_mem"] = "128MB",
            ["random_page_cost"] = "1.1",
            ["max_wal_size"] = "2GB",
            ["checkpoint_timeout"] = "15min",
            ["wal_compression"] = "on",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["lc_messages"] = "C",
            ["log_destination"] = "stderr",
            ["logging_collector"] = "off",
            ["log_line_prefix"] = "%m [%p] %q%u@%d ",
            ["log_lock_waits"] = "on",
            ["log_checkpoints"] = "on",
            ["track_io_timing"] = "on",
        };
        foreach (var name in DurabilitySettings)
            settings[name] = options.Durability == Durability.Full ? "on" : "off";
        if (hasStatements)
            settings["shared_preload_libraries"] = "pg_stat_statements";
        foreach (var (name, value) in options.Settings)
            settings[name] = value;

        var text = new StringBuilder("# Written anew at every start. Own settings belong into EmbeddedPostgresOptions.Settings.\n");
        foreach (var (name, value) in settings)
            text.Append(CultureInfo.InvariantCulture, $"{name} = '{Quoted(value)}'\n");
        return text.ToString();
    }

    /// <summary>Inside quotes of a configuration file a backslash escapes, and a quote is written twice.</summary>
    private static string Quoted(string value) =>
        value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);

    /// <summary>
    /// What the files of a cluster promise. ALTER SYSTEM wins over gamekeeper.conf, so its file is read too; anything but a clear
    /// "on" in all three settings counts as none.
    /// </summary>
    public static Durability DurabilityOf(ServerFolder folder)
    {
        var values = DurabilitySettings.ToDictionary(s => s, _ => "on");
        foreach (var file in new[] { folder.SettingsFile, Path.Combine(folder.Data, "postgresql.auto.conf") }.Where(File.Exists))
        {
            foreach (var match in File.ReadLines(file).Select(line => Assignment().Match(line)).Where(m => m.Success))
            {
                if (values.ContainsKey(match.Groups["name"].Value))
                    values[match.Groups["name"].Value] = match.Groups["value"].Value;
            }
        }

        return values.Values.All(v => v is "on" or "true" or "1" or "yes" or "local" or "remote_write" or "remote_apply")
            ? Durability.Full
            : Durability.None;
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex(@"^\s*(?<name>[a-z_]+)\s*=\s*'(?<value>[^']*)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Assignment();
}
