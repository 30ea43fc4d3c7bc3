using System.Text.RegularExpressions;

namespace Gamekeeper.Migrations;

/// <summary>
/// SQL that every schema gets alike, written once. <c>{schema}</c> stands for the schema of the including file, any other word in braces
/// for what the file says behind the template's name: <c>--@include friends.v1 players=users</c>.
/// </summary>
internal static partial class MigrationTemplates
{
    public static string Expand(string script, string schema) =>
        Include().Replace(script, match => Fill(match.Groups["name"].Value, [("schema", schema), .. Words(match.Groups["words"].Value)]).TrimEnd('\n'));

    private static string Fill(string name, List<(string Word, string Value)> words)
    {
        var text = Read(name);
        foreach (var (word, value) in words)
        {
            text = text.Contains($"{{{word}}}", StringComparison.Ordinal)
                ? text.Replace($"{{{word}}}", value, StringComparison.Ordinal)
                : throw new ArgumentException($"Template '{name}' knows no word '{word}'.", nameof(words));
        }
        return Hole().Match(text) is { Success: true } hole
            ? throw new ArgumentException($"Template '{name}' wants {hole.Value}: --@include {name} {hole.Value.Trim('{', '}')}=…", nameof(words))
            : text;
    }

    private static IEnumerable<(string Word, string Value)> Words(string words) =>
        words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Split('=')).Select(w => (w[0], w[1]));

    private static string Read(string name)
    {
        var assembly = typeof(MigrationTemplates).Assembly;
        using var stream =
            assembly.GetManifestResourceStream($"Gamekeeper.Migrations.Templates.{name}.sql")
            ?? throw new ArgumentException($"There is no template '{name}'.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"^--@include (?<name>[a-z0-9_.]+)(?<words>( [a-z]+=[a-z0-9_]+)*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Include();
}
