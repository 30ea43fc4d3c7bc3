using Gamekeeper.Server.Authentication;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Server.RateLimiting;

/// <summary>Stands after authentication: counts a valid service key as itself, and an invalid one against its address.</summary>
internal sealed class KeyLimits(RequestDelegate next, MinuteWindows windows, IOptions<ServerOptions> options)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!BearerToken.IsServiceKey(context) || context.GetEndpoint()?.Metadata.GetMetadata<RateLimits.Uncounted>() is not null)
            return next(context);
        var limits = options.Value.RateLimit;
        if (CallerIdentity.Of(context.User) is not { } caller)
        {
            RateLimits.TakeInvalidKey(windows, limits, context);
            return next(context);
        }
        return RateLimits.TakeKey(windows, limits, caller.Id) is { } wait ? RateLimits.Refuse(context, wait) : next(context);
    }
}
