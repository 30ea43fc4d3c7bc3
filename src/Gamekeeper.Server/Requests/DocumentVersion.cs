using System.Globalization;
using Gamekeeper.Server.Errors;

namespace Gamekeeper.Server.Requests;

/// <summary>
/// Versions of documents that people edit, as entity tags: every answer with such a document carries <c>ETag: "12"</c>, and a change that
/// names it as <c>If-Match: "12"</c> is refused with 412 once somebody else was faster. Handlers take the header as
/// <c>[FromHeader(Name = DocumentVersion.Header)] string? ifMatch</c>, so that it stands in the OpenAPI document.
/// </summary>
internal static class DocumentVersion
{
    /// <summary>The header of a change.</summary>
    public const string Header = "If-Match";

    /// <summary>States the version of the document in the answer.</summary>
    public static void TellVersion(this HttpResponse response, long version) =>
        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>The version that a change was made from; <paramref name="version"/> is null when none was named, or any (<c>*</c>).</summary>
    /// <returns>The refusal of a header that is no version; null when all is well.</returns>
    public static Refusal? Read(string? ifMatch, out long? version)
    {
        version = null;
        if (ifMatch is null or "*")
            return null;
        if (!long.TryParse(Unquoted(ifMatch), NumberStyles.None, CultureInfo.InvariantCulture, out var given))
            return Refusal.OfField(RequestErrors.Invalid, Header, "takes the ETag of this document as it was given, such as \"12\"");
        version = given;
        return null;
    }

    /// <summary>The same where a change without a version would overwrite whatever is there.</summary>
    public static Refusal? ReadRequired(string? ifMatch, out long version)
    {
        version = 0;
        if (Read(ifMatch, out var given) is { } refusal)
            return refusal;
        if (given is not { } named)
            return Refusal.OfField(RequestErrors.VersionMissing, Header, "is required: the ETag of the document that was read, such as \"12\"");
        version = named;
        return null;
    }

    private static string Unquoted(string tag) => tag.Length >= 2 && tag[0] == '"' && tag[^1] == '"' ? tag[1..^1] : tag;
}
