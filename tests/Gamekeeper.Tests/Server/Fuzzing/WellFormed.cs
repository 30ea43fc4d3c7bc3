using System.Text.Json.Nodes;

namespace Gamekeeper.Tests.Server.Fuzzing;

/// <summary>Makes values that keep to a schema, so that a hostile one beside them is the only thing wrong.</summary>
internal sealed class WellFormed(ApiDocument document, Random random)
{
    public JsonNode? Value(JsonObject schema, int depth = 0)
    {
        schema = document.Resolve(schema);
        if (schema["enum"] is JsonArray choices)
            return choices[random.Next(choices.Count)]?.DeepClone();
        return TypeOf(schema) switch
        {
            "string" => Text(schema),
            "integer" => Number(schema),
            "number" => 1.5,
            "boolean" => random.Next(2) == 0,
            "array" => Array(schema, depth),
            "object" => Object(schema, depth),
            _ => new JsonObject { ["any"] = 1 },
        };
    }

    public string Parameter(JsonObject schema) => Value(schema)!.ToString();

    private JsonObject Object(JsonObject schema, int depth)
    {
        var made = new JsonObject();
        if (depth > 6 || schema["properties"] is not JsonObject members)
            return made;
        var required = (schema["required"] as JsonArray)?.Select(r => r!.GetValue<string>()).ToHashSet() ?? [];
        foreach (var (name, member) in members)
        {
            if (required.Contains(name) || random.Next(2) == 0)
                made[name] = Value(member!.AsObject(), depth + 1);
        }
        return made;
    }

    private JsonArray Array(JsonObject schema, int depth)
    {
        var least = schema["minItems"]?.GetValue<int>() ?? 0;
        var most = Math.Min(schema["maxItems"]?.GetValue<int>() ?? 3, least + 2);
        var items = schema["items"] as JsonObject ?? [];
        return [.. Enumerable.Range(0, random.Next(Math.Max(least, 1), Math.Max(most, 1) + 1)).Select(_ => Value(items, depth + 1))];
    }

    private JsonNode Number(JsonObject schema)
    {
        var least = schema["minimum"]?.GetValue<long>() ?? 0;
        var most = schema["maximum"]?.GetValue<long>() ?? Math.Max(least + 10, 10);
        return random.NextInt64(least, Math.Min(most, least + 20) + 1);
    }

    private string Text(JsonObject schema)
    {
        if (schema["format"]?.GetValue<string>() is "uuid")
            return new Guid(Bytes(16)).ToString("D");
        if (schema["format"]?.GetValue<string>() is "date-time")
            return "2030-01-01T00:00:00Z";
        var least = schema["minLength"]?.GetValue<int>() ?? 0;
        var most = Math.Min(schema["maxLength"]?.GetValue<int>() ?? 20, 20);
        var length = random.Next(Math.Max(least, 1), Math.Max(most, Math.Max(least, 1)) + 1);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    // A nullable member has two types, and null is not the one to make.
    private static string? TypeOf(JsonObject schema) =>
        schema["type"] switch
        {
            JsonArray several => several.Select(t => t!.GetValue<string>()).First(t => t != "null"),
            JsonValue one => one.GetValue<string>(),
            _ => schema["properties"] is not null ? "object" : null,
        };
}
