using System.Text.RegularExpressions;

namespace Gamekeeper.Tests.Rules;

/// <summary>Holds source files against the import table: their using lines and every namespace of ours that they spell out.</summary>
internal static partial class ImportRule
{
    public static IEnumerable<string> Breaches(SourceFile file, IReadOnlyList<ImportRow> table)
    {
        var folder = file.Path[..file.Path.LastIndexOf('/')];
        var row = table.Where(r => folder == r.Folder || folder.StartsWith(r.Folder + "/", StringComparison.Ordinal)).MaxBy(r => r.Folder.Length);
        // The core's root knows every concept, so a new folder of the core would hide behind its row.
        if (row is null || (row.Folder == "src/Gamekeeper" && folder != "src/Gamekeeper" && !folder.StartsWith("src/Gamekeeper/Schema", StringComparison.Ordinal)))
        {
            yield return $"{file.Path}: the folder {folder} has no row in ImportTable";
            yield break;
        }
        var home = row.Folder["src/".Length..].Replace('/', '.');
        var text = WithoutComments(file.Text);
        foreach (var name in Usings(text).Concat(Spelled(text)).Distinct())
        {
            if (!IsAllowed(name, row, home))
                yield return $"{file.Path}: {row.Folder} may not import {name}";
        }
    }

    private static bool IsAllowed(string name, ImportRow row, string home)
    {
        if (Begins(name, "System") || Begins(name, home) || name == "Gamekeeper")
            return true;
        if (!Begins(name, "Gamekeeper"))
            return row.Others.Any(o => o == "*" || Begins(name, o) || Begins(name, o + "Types"));
        var isOfCore = Directory.Exists(Path.Combine(Sources.Root, "src/Gamekeeper", name.Split('.')[1]));
        if (!isOfCore)
        {
            // A whole project: the references between assemblies say who may.
            var project = string.Join('.', home.Split('.').Take(2));
            return ImportTable.Projects.TryGetValue(project, out var references) && references.Any(r => r != "Gamekeeper" && Begins(name, r));
        }
        return row.Ours.Any(o => o == "*" || Begins(name, "Gamekeeper." + o));
    }

    private static bool Begins(string name, string with) => name == with || name.StartsWith(with + ".", StringComparison.Ordinal);

    private static IEnumerable<string> Usings(string text) => UsingLine().Matches(text).Select(m => m.Groups["name"].Value);

    // Gamekeeper.Paging.Page.From(…) in the middle of code leans on Paging as much as a using line does.
    private static IEnumerable<string> Spelled(string text) =>
        SpelledOut().Matches(text).Select(m => m.Value).Where(n => !n.StartsWith("Gamekeeper.Schema", StringComparison.Ordinal));

    private static string WithoutComments(string text) => NamespaceLine().Replace(Comment().Replace(text, ""), "");

    [GeneratedRegex(@"^\s*(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?(?:global::)?(?<name>[A-Za-z_][\w.]*)\s*[;<]", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"(?<![\w.""/:])Gamekeeper\.[A-Z]\w+(?=\.[A-Z])")]
    private static partial Regex SpelledOut();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^namespace .*$", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
