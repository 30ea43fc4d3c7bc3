using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Gamekeeper.Server.Errors;

/// <summary>Problem details (RFC 9457) with our published code.</summary>
[Description("Problem details (RFC 9457). Decide by `code`; the texts are for people.")]
internal sealed record Problem(
    [property: Description("A name for the kind of problem, made of its code.")] string Type,
    [property: Description("What the code means.")] string Title,
    [property: Description("The HTTP status.")] int Status,
    [property: Description("What happened this time, with which values, and what to do next.")] string Detail,
    [property: Description("The published code, such as `request.invalid`.")] string Code,
    [property: Description("Give this to the operator: everything the request did carries it.")] Guid RequestId,
    [property: Description("By member or parameter: the limit and the shape of the value that was given.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        IReadOnlyDictionary<string, string[]>? Errors = null
)
{
    public const string MediaType = "application/problem+json";
}
