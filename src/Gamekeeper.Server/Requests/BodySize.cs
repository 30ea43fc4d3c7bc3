using Gamekeeper.Server.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gamekeeper.Server.Requests;

/// <summary>
/// Refuses a body that announces itself as too large before a byte of it is read. Left to the reader of the body, the connection would
/// be closed under a caller who is still sending, and who would then see a broken pipe and not the answer.
/// </summary>
internal sealed class BodySize(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var most = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? GamekeeperApp.MaxBody;
        if (context.Request.ContentLength is not { } length || length <= most)
            return next(context);
        // Without a limit Kestrel itself reads on for a few seconds after the answer and throws the bytes away.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = null;
        return new Refusal(RequestErrors.TooLarge, $"The body has {length} bytes; this operation takes at most {most}.").ExecuteAsync(context);
    }
}
