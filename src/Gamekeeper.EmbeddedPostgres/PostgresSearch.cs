using System.Globalization;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>The places a PostgreSQL is looked for, in order.</summary>
/// <param name="Places">Folders, first choice first.</param>
/// <param name="Named">Who named the one place to look at, when someone did.</param>
/// <param name="LibDirectory">For the dynamic linker; null for none.</param>
internal sealed record PostgresSearch(IReadOnlyList<string> Places, string? Named, string? LibDirectory)
{
    public static PostgresSearch OnThisMachine(string? binDirectory, string? libDirectory) =>
        From(binDirectory, libDirectory, Environment.GetEnvironmentVariable, "/");

    /// <summary><paramref name="root"/> stands before every distribution folder; tests point it at an empty one.</summary>
    public static PostgresSearch From(string? binDirectory, string? libDirectory, Func<string, string?> environment, string root)
    {
        var lib = libDirectory ?? NotEmpty(environment("GAMEKEEPER_POSTGRES_LIB"));
        if (binDirectory is not null)
            return new PostgresSearch([Path.GetFullPath(binDirectory)], "BinDirectory", lib);
        if (NotEmpty(environment("GAMEKEEPER_POSTGRES_BIN")) is { } bin)
            return new PostgresSearch([Path.GetFullPath(bin)], "GAMEKEEPER_POSTGRES_BIN", lib);

        var path = (environment("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new PostgresSearch([.. path.Concat(UsualFolders(root)).Distinct(StringComparer.Ordinal)], null, lib);
    }

    private static IEnumerable<string> UsualFolders(string root) =>
    [
        .. NewestFirst(Path.Combine(root, "usr/lib/postgresql"), "*", "bin"),
        .. NewestFirst(Path.Combine(root, "usr"), "pgsql-*", "bin"),
        Path.Combine(root, "usr/local/pgsql/bin"),
        .. NewestFirst(Path.Combine(root, "opt/homebrew/opt"), "postgresql@*", "bin"),
        .. NewestFirst(Path.Combine(root, "usr/local/opt"), "postgresql@*", "bin"),
        .. NewestFirst(Path.Combine(root, "home/linuxbrew/.linuxbrew/opt"), "postgresql@*", "bin"),
    ];

    private static IEnumerable<string> NewestFirst(string parent, string pattern, string below) =>
        Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, pattern).OrderByDescending(VersionIn).Select(d => Path.Combine(d, below))
            : [Path.Combine(parent, pattern, below)];

    private static double VersionIn(string folder)
    {
        var digits = Path.GetFileName(folder).TrimStart([.. "abcdefghijklmnopqrstuvwxyz@-"]);
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var version) ? version : 0;
    }

    private static string? NotEmpty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
