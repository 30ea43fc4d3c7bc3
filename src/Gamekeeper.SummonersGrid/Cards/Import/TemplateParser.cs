using System.Text;
using System.Text.Json;

namespace Gamekeeper.SummonersGrid.Cards.Import;

/// <summary>Turns one record into a template, or refuses it with the line and the path of the member.</summary>
internal sealed class TemplateParser(bool keepUnknown)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly string[] Members =
    [
        "id", "name", "type", "rarity", "cost", "requirements", "effects", "attributes", "stats", "flavor_text", "image_url",
    ];

    public CardTemplate Parse(RawRecord record)
    {
        DocumentCheck.Ensure(record);
        using var document = JsonDocument.Parse(record.Json, new JsonDocumentOptions { MaxDepth = 64 });
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new RefusedRecordException(record.Line, null, $"a record is an object, not {Spell(root.ValueKind)}");
        var line = new Locator(record);
        var unknown = root.EnumerateObject().Where(m => !Members.Contains(m.Name, StringComparer.Ordinal)).ToList();
        if (unknown.Count > 0 && !keepUnknown)
            throw line.Refuse(unknown[0].Name, $"is no member of a card template; use --keep-unknown to keep it under attributes");
        return new CardTemplate
        {
            Id = Text(root, line, "id", CardTemplate.MaxIdLength),
            Name = Text(root, line, "name", CardTemplate.MaxNameLength),
            Type = Text(root, line, "type", CardTemplate.MaxTypeLength),
            Rarity = Text(root, line, "rarity", CardTemplate.MaxRarityLength),
            Cost = Document(root, line, "cost", arrays: false),
            Requirements = Document(root, line, "requirements", arrays: false),
            Effects = Document(root, line, "effects", arrays: true),
            Attributes = Attributes(root, line, unknown),
            Stats = Document(root, line, "stats", arrays: false),
            FlavorText = OptionalText(root, line, "flavor_text", CardTemplate.MaxFlavorTextLength),
            ImageUrl = OptionalText(root, line, "image_url", CardTemplate.MaxImageUrlLength),
        };
    }

    private static string Text(JsonElement root, Locator line, string member, int max)
    {
        var text =
            OptionalText(root, line, member, max)
            ?? throw line.Refuse(member, root.TryGetProperty(member, out _) ? $"is null; it takes a text of 1 to {max} characters" : $"is missing; it takes a text of 1 to {max} characters");
        return string.IsNullOrWhiteSpace(text) ? throw line.Refuse(member, $"is blank; it takes a text of 1 to {max} characters") : text;
    }

    private static string? OptionalText(JsonElement root, Locator line, string member, int max)
    {
        if (!root.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            throw line.Refuse(member, $"is {Spell(value.ValueKind)}; it takes a text of at most {max} characters");
        var text = value.GetString()!;
        // PostgreSQL counts code points, not UTF-16 units.
        var length = text.EnumerateRunes().Count();
        return length <= max ? text : throw line.Refuse(member, $"has {length} characters; it takes at most {max}");
    }

    private static string? Document(JsonElement root, Locator line, string member, bool arrays)
    {
        if (!root.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.Object || (arrays && value.ValueKind == JsonValueKind.Array)
            ? value.GetRawText()
            : throw line.Refuse(member, $"is {Spell(value.ValueKind)}; it takes {(arrays ? "an array, an object" : "an object")} or null");
    }

    private static string? Attributes(JsonElement root, Locator line, List<JsonProperty> unknown)
    {
        var attributes = Document(root, line, "attributes", arrays: false);
        if (unknown.Count == 0)
            return attributes;
        using var known = JsonDocument.Parse(attributes ?? "{}");
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var member in known.RootElement.EnumerateObject())
                member.WriteTo(writer);
            foreach (var member in unknown)
            {
                if (known.RootElement.TryGetProperty(member.Name, out _))
                    throw line.Refuse(member.Name, "cannot be kept under attributes, which has a member of that name");
                member.WriteTo(writer);
            }
            writer.WriteEndObject();
        }
        return Strict.GetString(buffer.ToArray());
    }

    private static string Spell(JsonValueKind kind) =>
        kind switch
        {
            JsonValueKind.String => "a text",
            JsonValueKind.Number => "a number",
            JsonValueKind.Array => "an array",
            JsonValueKind.Object => "an object",
            JsonValueKind.Null => "null",
            _ => "true or false",
        };

    /// <summary>Finds the line of a top-level member, for the one refusal that a file gets.</summary>
    private sealed class Locator(RawRecord record)
    {
        public RefusedRecordException Refuse(string member, string problem) => new(LineOf(member), member, problem);

        private int LineOf(string member)
        {
            var reader = new Utf8JsonReader(record.Json, new JsonReaderOptions { MaxDepth = 64 });
            while (reader.Read())
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals(member))
                    return record.Line + record.Json.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
            return record.Line;
        }
    }
}
