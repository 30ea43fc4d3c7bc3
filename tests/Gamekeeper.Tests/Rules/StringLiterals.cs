using System.Text;

namespace Gamekeeper.Tests.Rules;

/// <summary>Finds the string literals of C# text, plain, verbatim, raw and interpolated, with what stands in their holes.</summary>
internal static class StringLiterals
{
    public static IEnumerable<StringLiteral> In(string text)
    {
        for (var i = 0; i < text.Length; )
        {
            if (text.AsSpan(i).StartsWith("//"))
            {
                i = EndOf(text, "\n", i);
            }
            else if (text.AsSpan(i).StartsWith("/*"))
            {
                i = EndOf(text, "*/", i + 2);
            }
            else if (text[i] == '\'')
            {
                i = text[i + 1] == '\\' ? EndOf(text, "'", i + 3) : i + 3;
            }
            else if (Opening(text, i) is { } opening)
            {
                var literal = Read(text, i, opening);
                yield return literal;
                foreach (var nested in literal.Holes.SelectMany(In))
                    yield return nested with { Start = i };
                i = literal.End;
            }
            else
            {
                i++;
            }
        }
    }

    // $$"""…""" opens a hole with two braces, $"…" with one, "…" with none.
    private static (int Dollars, int Quotes, bool Verbatim, int Length)? Opening(string text, int at)
    {
        var i = at;
        while (i < text.Length && text[i] is '$' or '@')
            i++;
        var prefix = text.AsSpan(at, i - at);
        var quotes = 0;
        while (i + quotes < text.Length && text[i + quotes] == '"')
            quotes++;
        if (quotes == 0)
            return null;
        var verbatim = prefix.Contains('@');
        // Two quotes are an empty literal, not the beginning of a raw one.
        if (quotes < 3 || verbatim)
            quotes = 1;
        return (prefix.Count('$'), quotes, verbatim, prefix.Length + quotes);
    }

    private static StringLiteral Read(string text, int start, (int Dollars, int Quotes, bool Verbatim, int Length) opening)
    {
        var (dollars, quotes, verbatim, length) = opening;
        var isRaw = quotes >= 3;
        var holeBraces = isRaw ? dollars : Math.Min(dollars, 1);
        var content = new StringBuilder();
        var holes = new List<string>();
        var i = start + length;
        while (i < text.Length)
        {
            if (isRaw ? Run(text, i, '"') >= quotes : text[i] == '"' && !(verbatim && Run(text, i, '"') >= 2))
                return new(start, i + quotes, content.ToString(), holes);
            if (verbatim && text[i] == '"')
            {
                content.Append('"');
                i += 2;
            }
            else if (!isRaw && !verbatim && text[i] == '\\')
            {
                content.Append(text[i + 1] == 'n' ? '\n' : text[i + 1]);
                i += 2;
            }
            else if (holeBraces > 0 && text[i] == '{' && (isRaw ? Run(text, i, '{') >= holeBraces : Run(text, i, '{') % 2 == 1))
            {
                i += Run(text, i, '{');
                var end = HoleEnd(text, i);
                holes.Add(text[i..end]);
                content.Append('\u25a1');
                i = end + holeBraces;
            }
            else
            {
                content.Append(text[i++]);
            }
        }
        return new(start, text.Length, content.ToString(), holes);
    }

    private static int HoleEnd(string text, int at)
    {
        var depth = 0;
        for (var i = at; i < text.Length; )
        {
            if (text[i] == '\'' && i + 2 < text.Length)
            {
                i = text[i + 1] == '\\' ? EndOf(text, "'", i + 3) : i + 3;
                continue;
            }
            if (Opening(text, i) is { } opening)
            {
                i = Read(text, i, opening).End;
                continue;
            }
            if (text[i] is '{' or '(' or '[')
                depth++;
            else if (text[i] is '}' or ')' or ']' && depth-- == 0)
                return i;
            i++;
        }
        return text.Length;
    }

    private static int Run(string text, int at, char c)
    {
        var i = at;
        while (i < text.Length && text[i] == c)
            i++;
        return i - at;
    }

    private static int EndOf(string text, string mark, int from)
    {
        var at = from < text.Length ? text.IndexOf(mark, from, StringComparison.Ordinal) : -1;
        return at < 0 ? text.Length : at + mark.Length;
    }
}

/// <summary>One literal.</summary>
/// <param name="Start">Where it begins in the file; for one inside a hole, where the outer one begins.</param>
/// <param name="End">Behind its last quote.</param>
/// <param name="Content">Its text, a white square for each hole.</param>
/// <param name="Holes">What stands in its holes.</param>
internal sealed record StringLiteral(int Start, int End, string Content, IReadOnlyList<string> Holes);
