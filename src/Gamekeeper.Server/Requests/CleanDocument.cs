using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gamekeeper.Server.Requests;

/// <summary>
/// The rules of the wire for documents that are taken as they are: text that PostgreSQL can hold, and each member once. Of two members
/// of one name PostgreSQL would keep the last, and somebody else's reader the first.
/// </summary>
internal sealed class CleanDocument : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var element = JsonElement.ParseValue(ref reader);
        return FaultOf(element) is { } fault ? throw new DocumentFaultException(fault.Path, fault.Problem) : element;
    }

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => value.WriteTo(writer);

    // As deep as the reader lets a document be, no deeper. The path is put together on the way back: names can be long, and a document
    // that is all right must not pay for one path an entry.
    private static Fault? FaultOf(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return Text(element.GetString) is null ? new("", "takes text without NUL, in valid Unicode") : null;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    if (FaultOf(item) is { } inner)
                        return inner.Below($"[{index}]");
                    index = checked(index + 1);
                }
                return null;
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var member in element.EnumerateObject())
                {
                    if (Text(() => member.Name) is not { } name)
                        return new("", "takes names without NUL, in valid Unicode");
                    if (!names.Add(name))
                        return new($".{name}", "stands there twice; which of the two is meant, nobody can say");
                    if (FaultOf(member.Value) is { } inner)
                        return inner.Below($".{name}");
                }
                return null;
            default:
                return null;
        }
    }

    // A string that is no text throws InvalidOperationException when it is taken, which would otherwise pass for our own fault.
    private static string? Text(Func<string?> take)
    {
        try
        {
            return take() is { } text && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private sealed record Fault(string Path, string Problem)
    {
        public Fault Below(string step) => this with { Path = step + Path };
    }
}

/// <summary>What is wrong inside a document that is taken as it is. The serializer adds where that document stands.</summary>
/// <param name="within">Path inside the document, empty for the document itself, such as <c>.list[1].name</c>.</param>
/// <param name="problem">What is wrong there, without the value.</param>
internal sealed class DocumentFaultException(string within, string problem) : JsonException
{
    public string Within { get; } = within;

    public string Problem { get; } = problem;
}
