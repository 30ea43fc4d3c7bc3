using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gamekeeper.SummonersGrid.Matches;

/// <summary>The document a game server keeps with a match: only what PostgreSQL keeps, and gives back, as it was.</summary>
internal static class MatchData
{
    private const int MostDigits = 400;

    // That of a double.
    private const int MostExponent = 308;

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static string? Problem(string json)
    {
        var bytes = Encoding.UTF8.GetByteCount(json);
        if (bytes > Match.MaxDataBytes)
            return $"takes at most {Match.MaxDataBytes} bytes; {bytes} were given";
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            while (reader.Read())
                if (Problem(ref reader) is { } problem)
                    return problem;
            return null;
        }
        catch (JsonException)
        {
            return "is not JSON";
        }
    }

    // PostgreSQL writes every digit out: a few bytes of exponent would come back as thousands, or not go in at all.
    private static bool IsKept(ReadOnlySpan<byte> number)
    {
        var exponent = number.IndexOfAny((byte)'e', (byte)'E');
        return number.Length <= MostDigits
            && (exponent < 0 || (int.TryParse(number[(exponent + 1)..], CultureInfo.InvariantCulture, out var power) && Math.Abs((long)power) <= MostExponent));
    }

    private static string? Problem(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName or JsonTokenType.String:
                try
                {
                    return reader.GetString()!.Contains('\0', StringComparison.Ordinal) ? "holds the character U+0000" : null;
                }
                catch (InvalidOperationException)
                {
                    return "holds half of a surrogate pair";
                }
            case JsonTokenType.Number when !IsKept(reader.ValueSpan):
                return $"holds a number of more than {MostDigits} characters, or with an exponent beyond {MostExponent}";
            default:
                return null;
        }
    }
}
