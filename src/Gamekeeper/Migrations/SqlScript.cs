namespace Gamekeeper.Migrations;

/// <summary>One statement of a script, with the line it starts on so that a failure can point there.</summary>
internal sealed record SqlStatement(int Line, string Text);

/// <summary>
/// Cuts a script at its semicolons. Knows strings, quoted names, dollar quotes and comments, and nothing else of SQL; comments
/// before a statement belong to it.
/// </summary>
internal static class SqlScript
{
    public static IReadOnlyList<SqlStatement> Split(string script)
    {
        var statements = new List<SqlStatement>();
        var start = 0;
        var hasCode = false;
        for (var at = 0; at < script.Length; )
        {
            var next = Skip(script, at, out var isCode);
            if (script[at] == ';')
            {
                Add(statements, script, start, at, hasCode);
                (start, hasCode) = (at + 1, false);
            }
            else
            {
                hasCode |= isCode;
            }
            at = next;
        }
        Add(statements, script, start, script.Length, hasCode);
        return statements;
    }

    /// <summary>The statement without comments, white space folded, lower case outside of strings: for rules that look at its words.</summary>
    public static string Words(string statement)
    {
        var text = new System.Text.StringBuilder(statement.Length);
        for (var at = 0; at < statement.Length; )
        {
            var next = Skip(statement, at, out var isCode);
            if (isCode)
                text.Append(next == at + 1 ? char.ToLowerInvariant(statement[at]).ToString() : statement[at..next]);
            else if (text.Length > 0 && text[^1] != ' ')
                text.Append(' ');
            at = next;
        }
        return text.ToString().Trim();
    }

    private static void Add(List<SqlStatement> statements, string script, int start, int end, bool hasCode)
    {
        if (!hasCode)
            return;
        while (char.IsWhiteSpace(script[start]))
            start++;
        statements.Add(new SqlStatement(1 + script.AsSpan(0, start).Count('\n'), script[start..end].TrimEnd()));
    }

    // The end of whatever begins here: one character, or a whole string, quoted name, dollar quote or comment.
    private static int Skip(string script, int at, out bool isCode)
    {
        var c = script[at];
        isCode = !char.IsWhiteSpace(c);
        switch (c)
        {
            case '\'' or '"':
                return After(script, at + 1, c.ToString());
            case '-' when Follows(script, at, "--"):
                isCode = false;
                return After(script, at, "\n");
            case '/' when Follows(script, at, "/*"):
                isCode = false;
                return After(script, at + 2, "*/");
            case '$' when at == 0 || !(char.IsLetterOrDigit(script[at - 1]) || script[at - 1] == '_'):
                var end = at + 1;
                while (end < script.Length && (char.IsLetterOrDigit(script[end]) || script[end] == '_'))
                    end++;
                var isTag = end < script.Length && script[end] == '$' && !char.IsDigit(script[at + 1]);
                return isTag ? After(script, end + 1, script[at..(end + 1)]) : at + 1;
            default:
                return at + 1;
        }
    }

    private static bool Follows(string script, int at, string text) => string.CompareOrdinal(script, at, text, 0, text.Length) == 0;

    private static int After(string script, int from, string mark)
    {
        var found = script.IndexOf(mark, Math.Min(from, script.Length), StringComparison.Ordinal);
        return found < 0 ? script.Length : found + mark.Length;
    }
}
