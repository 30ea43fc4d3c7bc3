using Gamekeeper.Caching;

namespace Gamekeeper.Server.Requests;

/// <summary>
/// Says in every answer that was read through the cache where it came from, in the form of RFC 9211. An answer that is older than the
/// last acknowledged write may be says <c>detail=stale</c>; no other is.
/// </summary>
internal sealed class CacheStatus(RequestDelegate next)
{
    public const string Header = "Cache-Status";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(
            static state =>
            {
                var (http, report) = ((HttpContext, CacheReport))state;
                if (Spelled(report.Worst) is { } status)
                    http.Response.Headers[Header] = status;
                return Task.CompletedTask;
            },
            (context, CacheReport.Begin())
        );
        return next(context);
    }

    private static string? Spelled(CacheSource? source) =>
        source switch
        {
            CacheSource.FirstLevel => "gamekeeper; hit; detail=memory",
            CacheSource.SecondLevel => "gamekeeper; hit; detail=redis",
            CacheSource.Loaded => "gamekeeper; fwd=miss; stored",
            CacheSource.Bypassed => "gamekeeper; fwd=bypass",
            CacheSource.Stale => "gamekeeper; hit; detail=stale",
            _ => null,
        };
}
