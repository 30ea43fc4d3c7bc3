using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Gamekeeper.Server.Requests;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gamekeeper.Server.OpenApi;

/// <summary>Schemas say what the reader enforces: types of texts, closed sets, no unknown members, and what is required.</summary>
internal static class SchemaShape
{
    public static Task ApplyAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        var member = context.JsonPropertyInfo?.AttributeProvider;
        // The reader of texts is our own, so the generator cannot know what it reads.
        if (type == typeof(string))
            schema.Type = context.JsonPropertyInfo?.IsGetNullable == true ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        if (WireShape.ElementOf(type) == typeof(string))
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = Values(One<AllowedEntriesAttribute>(member)?.Entries) };
        if (member?.IsDefined(typeof(RequiredAttribute), inherit: false) == true)
            schema.Type &= ~JsonSchemaType.Null;
        var parameter = (context.ParameterDescription?.ParameterDescriptor as IParameterInfoParameterDescriptor)?.ParameterInfo;
        if ((One<AllowedValuesAttribute>(member) ?? One<AllowedValuesAttribute>(parameter)) is { } allowed)
            schema.Enum = Values(allowed.Values);
        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && type.Name.EndsWith("Request", StringComparison.Ordinal))
        {
            schema.AdditionalPropertiesAllowed = false;
            schema.Required = context
                .JsonTypeInfo.Properties.Where(p => p.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: false) == true)
                .Select(p => p.Name)
                .ToHashSet(StringComparer.Ordinal);
        }
        return Task.CompletedTask;
    }

    private static T? One<T>(ICustomAttributeProvider? place)
        where T : Attribute => place?.GetCustomAttributes(typeof(T), inherit: false).OfType<T>().FirstOrDefault();

    private static List<JsonNode>? Values(IEnumerable<object?>? values) => values is null ? null : [.. values.OfType<string>().Select(v => JsonValue.Create(v))];
}
