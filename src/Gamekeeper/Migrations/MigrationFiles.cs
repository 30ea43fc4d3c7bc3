using System.Text.RegularExpressions;

namespace Gamekeeper.Migrations;

/// <summary>All migrations of this process, the core's first, each schema's by name.</summary>
internal static partial class MigrationFiles
{
    private const string DownEnd = ".down.sql";

    /// <exception cref="ArgumentException">A file is misnamed, or two carry one name: the module is put together wrongly.</exception>
    public static IReadOnlyList<MigrationFile> Load(IEnumerable<MigrationSource> sources) => [.. sources.SelectMany(Load)];

    private static IEnumerable<MigrationFile> Load(MigrationSource source)
    {
        var prefix = source.ResourceFolder + ".";
        var files = source.Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && n.EndsWith(".sql", StringComparison.Ordinal))
            .Select(n => n[prefix.Length..])
            .ToHashSet(StringComparer.Ordinal);
        foreach (var file in files.Where(f => !f.EndsWith(DownEnd, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var name = file[..^".sql".Length];
            if (!WellNamed(name))
                throw new ArgumentException($"{source.Schema} embeds '{file}'; a migration is named <14 digits>_<title>.sql, lower case.", nameof(source));
            var down = files.Contains(name + DownEnd) ? Read(source, prefix + name + DownEnd) : null;
            yield return MigrationFile.Parse(source.Schema, name, Read(source, prefix + file), down);
        }
    }

    public static bool WellNamed(string name) => Name().IsMatch(name);

    private static string Read(MigrationSource source, string resource)
    {
        using var stream = source.Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("^[0-9]{14}_[a-z0-9_]+$")]
    private static partial Regex Name();
}
