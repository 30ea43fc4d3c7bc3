using Gamekeeper.Server.Errors;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Gamekeeper.Server.Requests;

/// <summary>
/// Bodies are UTF-8, as JSON is between systems. Another charset is refused here: the framework would translate those it knows, and fail
/// on the rest as if that were a fault of ours.
/// </summary>
internal sealed class BodyCharset(RequestDelegate next)
{
    private const string Charset = "charset";

    public Task InvokeAsync(HttpContext context)
    {
        // What is no media type at all is refused by whoever looks for one; here nothing is said against it.
        if (
            context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is null
            || !MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || !type.Parameters.Any(IsCharset)
        )
            return next(context);
        if (!type.Parameters.Where(IsCharset).All(IsUtf8))
            return new Refusal(RequestErrors.UnsupportedMediaType, "Send the body in UTF-8, and name that charset or none.").ExecuteAsync(context);
        // The framework does not know it in quotes, which RFC 9110 allows, and needs no word of it.
        foreach (var charset in type.Parameters.Where(IsCharset).ToList())
            type.Parameters.Remove(charset);
        context.Request.ContentType = type.ToString();
        return next(context);
    }

    private static bool IsCharset(NameValueHeaderValue parameter) => parameter.Name.Equals(Charset, StringComparison.OrdinalIgnoreCase);

    private static bool IsUtf8(NameValueHeaderValue charset) =>
        HeaderUtilities.RemoveQuotes(charset.Value).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}
