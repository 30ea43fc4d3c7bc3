namespace Gamekeeper.Server.Requests;

/// <summary>
/// Answers HEAD wherever GET is answered, which probes and link checkers count on. From here on it is a GET; Kestrel, which read the
/// request line itself, sends the headers and holds the body back.
/// </summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
            context.Request.Method = HttpMethods.Get;
        return next(context);
    }
}
