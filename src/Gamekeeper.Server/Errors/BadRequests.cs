using System.Text.Json;
using Gamekeeper.Server.Requests;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gamekeeper.Server.Errors;

/// <summary>Turns what the framework finds wrong with a request into our words. Its own messages name types of ours, and stay here.</summary>
internal static class BadRequests
{
    public static Refusal Of(BadHttpRequestException failure, HttpContext context) =>
        failure.StatusCode switch
        {
            StatusCodes.Status408RequestTimeout => OfStatus(failure.StatusCode, context),
            StatusCodes.Status413PayloadTooLarge => OfStatus(failure.StatusCode, context),
            StatusCodes.Status415UnsupportedMediaType => OfStatus(failure.StatusCode, context),
            StatusCodes.Status431RequestHeaderFieldsTooLarge => OfStatus(failure.StatusCode, context),
            _ when failure.InnerException is JsonException json => OfJson(json, context),
            _ when Asked(context)?.Metadata.GetMetadata<IAcceptsMetadata>() is not null => new(
                RequestErrors.BodyMissing,
                "Send a JSON object with Content-Type: application/json; the body was empty, null or cut short."
            ),
            _ => OfStatus(StatusCodes.Status400BadRequest, context),
        };

    /// <summary>The refusal of an answer that the framework gave as a bare status.</summary>
    public static Refusal OfStatus(int status, HttpContext context) =>
        status switch
        {
            StatusCodes.Status404NotFound => new(RequestErrors.NoSuchRoute, "Check the path; what this server answers stands in /openapi/v1.json."),
            StatusCodes.Status405MethodNotAllowed => new(
                RequestErrors.MethodNotAllowed,
                $"This address answers {context.Response.Headers.Allow.ToString()}."
            ),
            StatusCodes.Status408RequestTimeout => new(RequestErrors.TimedOut, "Send the body faster, or in smaller parts."),
            StatusCodes.Status413PayloadTooLarge => new(RequestErrors.TooLarge, $"The body takes at most {Most(context)} bytes."),
            StatusCodes.Status415UnsupportedMediaType => new(
                RequestErrors.UnsupportedMediaType,
                $"Send the body as {string.Join(" or ", Accepted(context))}."
            ),
            StatusCodes.Status431RequestHeaderFieldsTooLarge => new(RequestErrors.HeadersTooLarge, "Send fewer or shorter headers; 32 KB in all."),
            StatusCodes.Status401Unauthorized => new(RequestErrors.SignInRequired, "Send Authorization: Bearer with a token of POST /v1/sessions, or a service key."),
            StatusCodes.Status403Forbidden => new(RequestErrors.NotAllowed, "This operation needs a role or scope that the caller does not have."),
            >= 500 => new(RequestErrors.Unexpected, "The failure was logged under the request id."),
            _ => new(RequestErrors.Malformed, "The request could not be read."),
        };

    private static Refusal OfJson(JsonException failure, HttpContext context)
    {
        var fault = failure as DocumentFaultException;
        var path = (failure.Path ?? "$") + fault?.Within;
        var shown = ParameterLimits.Shown(path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path);
        if (fault is not null)
            return Refusal.OfField(RequestErrors.WrongType, shown, fault.Problem);
        // The reader's own complaint is wrapped into the serializer's: that, and nothing else, is broken JSON.
        if (failure.InnerException is JsonException)
        {
            return Refusal.OfField(
                RequestErrors.MalformedJson,
                shown,
                $"broken at line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1}; or more than {WireJson.MaxDepth} levels deep"
            );
        }
        var root = Asked(context)?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        var at = root is null ? null : WireShape.At(root, path);
        return at is null
            ? Refusal.OfField(RequestErrors.UnknownMember, shown, "is not a member of this document; see /openapi/v1.json")
            : Refusal.OfField(RequestErrors.WrongType, shown, $"takes {WireShape.Of(at)}, once");
    }

    /// <summary>The endpoint that was asked: the exception handler runs without it, but remembers.</summary>
    public static Endpoint? Asked(HttpContext context) => context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;

    private static long? Most(HttpContext context) => context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;

    private static IEnumerable<string> Accepted(HttpContext context) =>
        Asked(context)?.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes ?? ["application/json"];
}
