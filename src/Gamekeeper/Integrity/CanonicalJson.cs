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
    /// <exception cref="ArgumentException">A number is not an integer of at most 15 digits.</exception>
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
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }
                writer.WriteEndObject();
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
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static long Integer(JsonElement number) =>
        number.TryGetInt64(out var value) && Math.Abs(value) < 1_000_000_000_000_000
            ? value
            : throw new ArgumentException(
                $"{number.GetRawText()} cannot be signed: numbers in signed data are integers of at most 15 digits.",
                nameof(number)
            );
}
