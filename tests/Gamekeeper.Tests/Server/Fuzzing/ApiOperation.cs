using System.Text.Json.Nodes;

namespace Gamekeeper.Tests.Server.Fuzzing;

/// <summary>One operation as the OpenAPI document describes it.</summary>
internal sealed record ApiOperation(
    string Id,
    HttpMethod Method,
    string Path,
    IReadOnlyList<ApiParameter> Parameters,
    string? BodyMediaType,
    JsonObject? BodySchema,
    string? Summary,
    IReadOnlyList<string> Statuses
)
{
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>A parameter in route, query or header.</summary>
internal sealed record ApiParameter(string Name, string In, bool IsRequired, JsonObject Schema);

/// <summary>The document, with its references resolved on demand.</summary>
internal sealed class ApiDocument(JsonObject root)
{
    public static ApiDocument Parse(string json) => new(JsonNode.Parse(json)!.AsObject());

    public IReadOnlyList<ApiOperation> Operations() =>
        [
            .. from path in root["paths"]!.AsObject()
            from verb in path.Value!.AsObject()
            where verb.Key is "get" or "post" or "put" or "patch" or "delete"
            select Read(path.Key, verb.Key, verb.Value!.AsObject()),
        ];

    /// <summary>The schema itself, wherever it stands.</summary>
    public JsonObject Resolve(JsonObject schema)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference)
            return root["components"]!["schemas"]![reference["#/components/schemas/".Length..]]!.AsObject();
        // A nullable reference is one of null and the thing.
        return schema["oneOf"] is JsonArray choices
            ? Resolve(choices.Select(c => c!.AsObject()).First(c => c["type"]?.ToString() != "null"))
            : schema;
    }

    private ApiOperation Read(string path, string verb, JsonObject operation)
    {
        var content = operation["requestBody"]?["content"]?.AsObject().First();
        return new(
            operation["operationId"]!.GetValue<string>(),
            HttpMethod.Parse(verb),
            path,
            [
                .. (operation["parameters"]?.AsArray() ?? [])
                    .Select(p => p!.AsObject())
                    .Select(p => new ApiParameter(
                        p["name"]!.GetValue<string>(),
                        p["in"]!.GetValue<string>(),
                        p["required"]?.GetValue<bool>() == true,
                        Resolve(p["schema"]!.AsObject())
                    )),
            ],
            content?.Key,
            content?.Value?["schema"] is JsonObject schema ? Resolve(schema) : null,
            operation["summary"]?.GetValue<string>(),
            [.. operation["responses"]!.AsObject().Select(r => r.Key)]
        );
    }
}
