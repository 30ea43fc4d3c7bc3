namespace Gamekeeper.SummonersGrid;

internal static class StorableText
{
    /// <summary>False for what PostgreSQL keeps in no text: U+0000, and half of a surrogate pair, which has no UTF-8 form.</summary>
    public static bool IsStorable(this string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\0')
                return false;
            if (!char.IsSurrogate(text[at]))
                continue;
            if (!char.IsHighSurrogate(text[at]) || at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]))
                return false;
            at++;
        }
        return true;
    }
}
