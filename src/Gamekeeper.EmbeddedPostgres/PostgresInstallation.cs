using System.Globalization;
using System.Text.RegularExpressions;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>A PostgreSQL of version 15 or newer on this machine.</summary>
public sealed partial record PostgresInstallation
{
    /// <summary>The oldest major version accepted.</summary>
    public const int OldestMajor = 15;

    /// <summary>The folder with <c>postgres</c> and <c>initdb</c>.</summary>
    public required string BinDirectory { get; init; }

    /// <summary>Put before LD_LIBRARY_PATH of every program run from here; null for an installed PostgreSQL.</summary>
    public string? LibDirectory { get; init; }

    /// <summary>As <c>postgres --version</c> says, such as 15.14.</summary>
    public required Version Version { get; init; }

    internal string Postgres => Path.Combine(BinDirectory, "postgres");

    internal string InitDb => Path.Combine(BinDirectory, "initdb");

    /// <summary>
    /// The first of: <paramref name="binDirectory"/>, GAMEKEEPER_POSTGRES_BIN (nothing else is tried when either is given), PATH, the
    /// usual distribution folders. Old versions on PATH or in those folders are passed over while a newer one is found.
    /// </summary>
    /// <exception cref="EmbeddedPostgresException">
    /// <see cref="EmbeddedPostgresErrors.NotFound"/> or <see cref="EmbeddedPostgresErrors.TooOld"/>, listing every place looked at.
    /// </exception>
    public static Task<PostgresInstallation> FindAsync(string? binDirectory = null, CancellationToken cancellationToken = default) =>
        FindAsync(PostgresSearch.OnThisMachine(binDirectory, libDirectory: null), preferredMajor: null, cancellationToken);

    internal static async Task<PostgresInstallation> FindAsync(
        PostgresSearch search, int? preferredMajor, CancellationToken cancellationToken)
    {
        var looked = new List<string>();
        PostgresInstallation? second = null;
        var tooOld = false;
        foreach (var place in search.Places)
        {
            if (!File.Exists(Path.Combine(place, "postgres")) || !File.Exists(Path.Combine(place, "initdb")))
            {
                looked.Add($"{place}: no postgres and initdb");
                continue;
            }

            var (version, said) = await VersionOfAsync(place, search.LibDirectory, cancellationToken);
            if (version is null || version.Major < OldestMajor)
            {
                tooOld |= version is not null;
                looked.Add(version is null ? $"{place}: {said}" : $"{place}: version {version}, needed {OldestMajor} or newer");
                continue;
            }

            var found = new PostgresInstallation
            {
                BinDirectory = RealFolder(place),
                LibDirectory = search.LibDirectory,
                Version = version,
            };
            // Where 15 and 17 are both installed, existing data choose theirs.
            if (preferredMajor is null || preferredMajor == version.Major)
                return found;
            second ??= found;
        }

        return second ?? throw NotFound(search, looked, tooOld);
    }

    private static EmbeddedPostgresException NotFound(PostgresSearch search, List<string> looked, bool tooOld)
    {
        var advice = search.Named is { } name
            ? $"{name} names the only place to look at: correct it, or leave it out to search the usual places."
            : $"Install PostgreSQL {OldestMajor} or newer (Debian, Ubuntu: apt-get install postgresql), or point "
                + "GAMEKEEPER_POSTGRES_BIN at its bin folder.";
        return new EmbeddedPostgresException(
            tooOld ? EmbeddedPostgresErrors.TooOld : EmbeddedPostgresErrors.NotFound,
            $"No PostgreSQL {OldestMajor} or newer was found. Looked at:\n  "
            + string.Join("\n  ", looked.Count == 0 ? ["(nothing: PATH is empty and no usual folder exists)"] : looked) + "\n" + advice);
    }

    /// <summary>Whether a library can be preloaded; the server would refuse to start with one that is missing.</summary>
    internal async Task<bool> HasLibraryAsync(string name, CancellationToken cancellationToken)
    {
        var folders = new List<string> { Path.Combine(BinDirectory, "../lib"), Path.Combine(BinDirectory, "../lib/postgresql") };
        var config = Path.Combine(BinDirectory, "pg_config");
        if (File.Exists(config))
            folders.Insert(0, (await Tool.RunAsync([config, "--pkglibdir"], LibDirectory, cancellationToken)).Output.Trim());
        return folders.Exists(f => File.Exists(Path.Combine(f, name + ".so")));
    }

    /// <summary>Where links such as /usr/local/bin/postgres lead: the libraries lie beside the programs, not beside the links.</summary>
    private static string RealFolder(string bin)
    {
        var real = Path.GetDirectoryName(Libc.RealPath(Path.Combine(bin, "postgres")))!;
        return File.Exists(Path.Combine(real, "initdb")) ? real : bin;
    }

    private static async Task<(Version? Version, string Said)> VersionOfAsync(string bin, string? lib, CancellationToken cancellationToken)
    {
        var ran = await Tool.RunAsync([Path.Combine(bin, "postgres"), "--version"], lib, cancellationToken);
        var match = VersionText().Match(ran.Output);
        if (ran.ExitCode != 0 || !match.Success)
            return (null, $"postgres --version ended with {ran.ExitCode} and said '{(ran.Output + ran.Errors).Trim()}'");
        var minor = match.Groups["minor"];
        return (new Version(
            int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture),
            minor.Success ? int.Parse(minor.ValueSpan, CultureInfo.InvariantCulture) : 0), "");
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d{1,3})(\.(?<minor>\d{1,4}))?", RegexOptions.ExplicitCapture)]
    private static partial Regex VersionText();
}
