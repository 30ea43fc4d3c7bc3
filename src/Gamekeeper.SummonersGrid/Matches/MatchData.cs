using System.Text;
using System.Text.Json;

namespace Gamekeeper.SummonersGrid.Matches;

/// <summary>The document a game server keeps with a match.</summary>
internal static class MatchData
{
    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static string? Problem(string json)
    {
        var bytes = Encoding.UTF8.GetByteCount(json);
        if (bytes > Match.MaxDataBytes)
            return $"takes at most {Match.MaxDataBytes} bytes; {bytes} were given";
        // Escaped or not, PostgreSQL keeps no U+0000 in a document.
        if (json.Contains('\0', StringComparison.Ordinal) || json.Contains("\\u0000", StringComparison.Ordinal))
            return "holds the character U+0000";
        try
        {
            using var document = JsonDocument.Parse(json);
            return null;
        }
        catch (JsonException)
        {
            return "is not JSON";
        }
    }
}
