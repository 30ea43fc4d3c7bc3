using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gamekeeper.Integrity;

/// <summary>
/// One spelling for each JSON document, so that it can be hashed before it is stored and again after it was read back: members in the
/// order of their UTF-16 code units, no white space, the shortest escapes, integers as they are (RFC 8785 without fractions, which
/// PostgreSQL and others spell differently).
/// </summary>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The canonical spelling of a document.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="ArgumentException">
    /// It cannot be stored and read back as it is: a number that is no integer of at most 15 digits, a member given twice, the character
    /// U+0000, or half of a surrogate pair.
    /// </exception>
    public static string Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        var buffer = new ArrayBufferWriter<byte>(json.Length);
        using (var writer = new Utf8JsonWriter(buffer, Compact))
            Write(writer, document.RootElement);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, element);
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteNumberValue(Integer(element));
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Storable(element.GetString));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement element)
    {
        writer.WriteStartObject();
        string? before = null;
        foreach (var member in element.EnumerateObject().OrderBy(m => Storable(() => m.Name), StringComparer.Ordinal))
        {
            // jsonb would keep the last of the two without a word, and the hash would never fit again.
            if (member.Name == before)
                throw new ArgumentException($"The member \"{before}\" is given twice.", nameof(element));
            before = member.Name;
            writer.WritePropertyName(member.Name);
            Write(writer, member.Value);
        }
        writer.WriteEndObject();
    }

    private static string Storable(Func<string?> read)
    {
        string text;
        try
        {
            text = read()!;
        }
        catch (InvalidOperationException failure)
        {
            throw new ArgumentException("A text holds half of a surrogate pair.", nameof(read), failure);
        }
        return text.Contains('\0', StringComparison.Ordinal)
            ? throw new ArgumentException("A text holds the character U+0000.", nameof(read))
            : text;
    }

    private static long Integer(JsonElement number) =>
        number.TryGetInt64(out var value) && value is > -1_000_000_000_000_000 and < 1_000_000_000_000_000
            ? value
            : throw new ArgumentException(
                $"{number.GetRawText()} cannot be signed: numbers in signed data are integers of at most 15 digits.",
                nameof(number)
            );
}
