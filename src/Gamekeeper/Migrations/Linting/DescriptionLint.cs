using System.Text.RegularExpressions;
using Gamekeeper.Privacy;

namespace Gamekeeper.Migrations.Linting;

/// <summary>Holds that a file which makes a table or column says, in the same file, what it is and how sensitive.</summary>
internal static partial class DescriptionLint
{
    public static IEnumerable<LintFinding> Check(MigrationFile file)
    {
        var statements = SqlScript.Split(file.Up).Select(s => (s.Line, Words: SqlScript.Words(s.Text))).ToList();
        var comments = statements.Select(s => Comment().Match(s.Words)).Where(m => m.Success)
            .GroupBy(m => m.Groups["of"].Value, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Groups["text"].Value, StringComparer.Ordinal);
        foreach (var (line, words) in statements)
        {
            if (CreateTable().Match(words) is { Success: true } create)
            {
                var table = create.Groups["table"].Value;
                if (TableDescription.Parse(comments.GetValueOrDefault(table)) is null)
                {
                    yield return new("table-class", $"{file.Title}:{line}", $"{table} has no comment that begins with its distribution class.",
                        "comment on table … is 'distributed(key): …', 'reference: …' or 'local: …'.");
                }
                foreach (var column in ColumnsOf(words[create.Length..]))
                {
                    if (Undescribed(file, line, $"{table}.{column}", comments) is { } finding)
                        yield return finding;
                }
            }
            else if (AlterTable().Match(words) is { Success: true } alter)
            {
                foreach (var added in AddedColumn().Matches(words).Select(m => m.Groups["column"].Value))
                {
                    if (Undescribed(file, line, $"{alter.Groups["table"].Value}.{added}", comments) is { } finding)
                        yield return finding;
                }
            }
        }
    }

    private static LintFinding? Undescribed(MigrationFile file, int line, string column, Dictionary<string, string> comments) =>
        ColumnDescription.Parse(comments.GetValueOrDefault(column)) is not null
            ? null
            : new("column-class", $"{file.Title}:{line}", $"{column} has no comment that begins with its class.",
                "comment on column … is 'public|internal|personal|confidential|secret: what it is for'.");

    // The first word of every part between the outer commas, unless it begins a constraint.
    private static IEnumerable<string> ColumnsOf(string body)
    {
        var (depth, start) = (0, body.IndexOf('(', StringComparison.Ordinal) + 1);
        if (start == 0)
            yield break;
        for (var at = start; at < body.Length; at++)
        {
            depth += body[at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth < 0 || (depth == 0 && body[at] == ','))
            {
                var name = FirstWord().Match(body[start..at]).Value.Trim('"');
                if (name.Length > 0 && name is not ("constraint" or "primary" or "unique" or "check" or "foreign" or "exclude" or "like"))
                    yield return name;
                start = at + 1;
            }
            if (depth < 0)
                yield break;
        }
    }

    [GeneratedRegex(@"^create (unlogged )?table (if not exists )?(?<table>[a-z0-9_]+\.[a-z0-9_]+)(?! partition of) ", RegexOptions.ExplicitCapture)]
    private static partial Regex CreateTable();

    [GeneratedRegex(@"^alter table (if exists )?(only )?(?<table>[a-z0-9_]+\.[a-z0-9_]+) ", RegexOptions.ExplicitCapture)]
    private static partial Regex AlterTable();

    [GeneratedRegex(@"\badd (column )?(if not exists )?(?!(column|constraint|primary|unique|check|foreign|exclude|if)\b)(?<column>[a-z0-9_]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex AddedColumn();

    [GeneratedRegex(@"^comment on (table|column) (?<of>[a-z0-9_.""]+) is '(?<text>.*)'$", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"[a-z0-9_""]+")]
    private static partial Regex FirstWord();
}
