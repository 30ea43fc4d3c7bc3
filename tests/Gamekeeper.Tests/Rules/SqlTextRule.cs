using System.Text.RegularExpressions;

namespace Gamekeeper.Tests.Rules;

/// <summary>
/// SQL is written down and never put together. A hole may hold the schema of a module, a constant (a list of columns, a limit), or what a
/// quoting method returns (for the names of roles and databases, which no parameter can carry).
/// </summary>
internal static partial class SqlTextRule
{
    // "CardColumns.All" of every constant that stands in a file together with its class.
    private static readonly Lazy<HashSet<string>> Constants = new(() =>
        [
            .. from file in Sources.Code
            from type in TypeDeclaration().Matches(file.Text)
            from constant in ConstantDeclaration().Matches(file.Text)
            select $"{type.Groups["name"].Value}.{constant.Groups["name"].Value}",
        ]
    );

    public static IEnumerable<string> Breaches(SourceFile file)
    {
        foreach (var literal in StringLiterals.In(file.Text).Where(l => IsSql(l.Content)))
        {
            foreach (var hole in literal.Holes.Where(h => !MayStandInSql(h, file.Text)))
                yield return $"{file.Path}({file.LineOf(literal.Start)}): {{{hole.Trim()}}} stands in SQL";
            if (Appended().Match(file.Text, literal.End) is { Success: true } appended && appended.Index == literal.End)
                yield return $"{file.Path}({file.LineOf(literal.Start)}): {appended.Value.Trim()} is appended to SQL";
        }
    }

    public static bool IsSql(string text) => SqlStart().IsMatch(text);

    private static bool MayStandInSql(string hole, string file)
    {
        hole = hole.Trim();
        return SchemaHole().IsMatch(hole)
            || QuotedHole().IsMatch(hole)
            || Constants.Value.Contains(hole)
            || (Identifier().IsMatch(hole) && Regex.IsMatch(file, $@"\bconst\s+\w+\s+{hole}\b"));
    }

    // The first word alone also begins many an English sentence, so the second one must fit, too.
    [GeneratedRegex(
        """
        ^\s*(?:/\*.*?\*/\s*|--[^\n]*\n\s*)*(?:
          select\s+(?!(?:the|a|an|one)\s)\S | insert\s+into\s | update\s+(?:only\s+)?\S+\s+(?:\w+\s+)?set\s | delete\s+from\s | merge\s+into\s
          | with\s+(?:recursive\s+)?\w+\s*(?:\([^)]*\)\s*)?as\s+(?:materialized\s+|not\s+materialized\s+)?\(
          | (?:create|alter|drop)\s+(?:or\s+replace\s+)?(?:unique\s+)?(?:table|index|schema|database|role|user|view|materialized|function|procedure|trigger|extension|type|policy|sequence|system)\b
          | truncate\s | grant\s+\w+.*\s(?:on|to)\s | revoke\s | lock\s+table\s | copy\s+\S+\s*(?:\(|from|to) | set\s+(?:local|session|role|constraints)\s
          | (?:listen|notify|reindex|vacuum|analyze|savepoint)\s | do\s+\$ | call\s+\w+\.
        )
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline
    )]
    private static partial Regex SqlStart();

    // "select … " + more, unless more is another literal, which is looked at by itself.
    [GeneratedRegex(@"\s*\+\s*(?![\s$@]*"")[^;,)\s]+")]
    private static partial Regex Appended();

    [GeneratedRegex(@"^(?:\w+\.)?Schema$")]
    private static partial Regex SchemaHole();

    [GeneratedRegex(@"^(?:\w+\.)*Quote\w*\(.*\)$", RegexOptions.Singleline)]
    private static partial Regex QuotedHole();

    [GeneratedRegex(@"\b(?:class|struct|record(?!\s+(?:class|struct)\b))\s+(?<name>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"\bconst\s+\w+\s+(?<name>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex ConstantDeclaration();

    [GeneratedRegex(@"^\w+$")]
    private static partial Regex Identifier();
}
