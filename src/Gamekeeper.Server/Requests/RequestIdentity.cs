namespace Gamekeeper.Server.Requests;

/// <summary>
/// Gives every request an id that its rows, log lines and answer carry. A caller's own X-Request-Id is taken when it is a UUID, so
/// that a trail can cross systems; anything else is replaced, not refused.
/// </summary>
internal sealed class RequestIdentity(RequestDelegate next, TimeProvider clock)
{
    public const string Header = "X-Request-Id";

    public Task InvokeAsync(HttpContext context)
    {
        var id = Guid.TryParseExact(context.Request.Headers[Header], "D", out var given) && given != Guid.Empty
            ? given
            : Guid.CreateVersion7(clock.GetUtcNow());
        context.Features.Set(new Assigned(id));
        // The exception handler clears headers, so they are written at the last moment.
        context.Response.OnStarting(
            static state =>
            {
                var http = (HttpContext)state;
                http.Response.Headers[Header] = http.RequestId().ToString("D");
                return Task.CompletedTask;
            },
            context
        );
        return next(context);
    }

    internal sealed record Assigned(Guid Id);
}

internal static class RequestIds
{
    /// <summary>The id of this request.</summary>
    public static Guid RequestId(this HttpContext context) =>
        context.Features.Get<RequestIdentity.Assigned>()?.Id
        ?? throw new InvalidOperationException("RequestIdentity must stand first in the pipeline.");
}
