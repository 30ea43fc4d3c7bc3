namespace Gamekeeper.Server.Requests;

/// <summary>Headers that keep a browser from doing more with an answer than was meant.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    // The API page brings scripts and styles of its own; nothing else here is for a browser.
    private const string Page =
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

    private const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(
            static state =>
            {
                var http = (HttpContext)state;
                var headers = http.Response.Headers;
                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = "DENY";
                headers["Referrer-Policy"] = "no-referrer";
                headers.ContentSecurityPolicy = http.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal) ? Page : Nothing;
                if (http.Request.IsHttps)
                    headers.StrictTransportSecurity = "max-age=31536000";
                if (headers.CacheControl.Count == 0 && http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
                    headers.CacheControl = "no-store";
                return Task.CompletedTask;
            },
            context
        );
        return next(context);
    }
}
