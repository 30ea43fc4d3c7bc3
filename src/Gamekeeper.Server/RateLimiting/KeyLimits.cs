using Gamekeeper.Server.Authentication;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Server.RateLimiting;

/// <summary>Stands after authentication: counts a valid service key as itself, and an invalid one against its address.</summary>
internal sealed class KeyLimits(RequestDelegate next, MinuteWindows windows, IOptions<ServerOptions> options)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!BearerToken.IsServiceKey(context) || RateLimits.IsUncounted(context))
            return next(context);
        var limits = options.Value.RateLimit;
        var wait = CallerIdentity.Of(context.User) is { } caller
            ? RateLimits.TakeKey(windows, limits, caller.Id)
            : RateLimits.TakeInvalidKey(windows, limits, context);
        return wait is { } after ? RateLimits.Refuse(context, after) : next(context);
    }
}
