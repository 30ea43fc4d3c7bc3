using System.Text.RegularExpressions;

namespace Gamekeeper.Migrations;

/// <summary>SQL that every schema gets alike, written once. <c>{schema}</c> stands for the schema of the including file.</summary>
internal static partial class MigrationTemplates
{
    public static string Expand(string script, string schema) =>
        Include().Replace(script, match => Read(match.Groups["name"].Value).Replace("{schema}", schema, StringComparison.Ordinal).TrimEnd('\n'));

    private static string Read(string name)
    {
        var assembly = typeof(MigrationTemplates).Assembly;
        using var stream =
            assembly.GetManifestResourceStream($"Gamekeeper.Migrations.Templates.{name}.sql")
            ?? throw new ArgumentException($"There is no template '{name}'.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^--@include (?<name>[a-z0-9_.]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Include();
}
