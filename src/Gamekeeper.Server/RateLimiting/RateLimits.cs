using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Errors;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Server.RateLimiting;

/// <summary>
/// Refuses who asks too often. Callers are counted by address before anything else is done for them; a service key is counted as
/// itself, once it has proved valid, and an address that keeps trying invalid ones is counted for each. The tighter limits go by
/// address whatever the credential: nobody has proved anything yet.
/// </summary>
internal sealed class RateLimits(RequestDelegate next, MinuteWindows windows, IOptions<ServerOptions> options)
{
    private readonly RateLimitOptions _limits = options.Value.RateLimit;

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (IsUncounted(context))
            return next(context);
        var address = CallerAddress.Partition(context.Connection.RemoteIpAddress);
        // A key is looked up first and counted afterwards, unless this address has spent its allowance on keys that were none.
        var wait = (BearerToken.IsServiceKey(context) ? LookAtKeys(address) : TakeAddress(address)) ?? TakeApart(address, endpoint);
        return wait is { } after ? Refuse(context, after) : next(context);
    }

    /// <summary>Counts a service key that proved valid.</summary>
    public static TimeSpan? TakeKey(MinuteWindows windows, RateLimitOptions limits, Guid key) =>
        limits.ServiceKeyPerMinute is { } limit ? windows.Take($"key {key:N}", limit) : null;

    /// <summary>Counts an attempt with a service key that is none.</summary>
    public static TimeSpan? TakeInvalidKey(MinuteWindows windows, RateLimitOptions limits, HttpContext context) =>
        limits.PerMinute is { } limit ? windows.Take("no key " + CallerAddress.Partition(context.Connection.RemoteIpAddress), limit) : null;

    /// <summary>Whether this request costs nothing that anybody could ask too much of.</summary>
    public static bool IsUncounted(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Uncounted>() is { } uncounted
        && (uncounted.IgnoresCredentials || BearerToken.Of(context) is null);

    public static Task Refuse(HttpContext context, TimeSpan wait) =>
        new Refusal(RequestErrors.RateLimited, $"Come back in {Math.Max(1, Math.Ceiling(wait.TotalSeconds))} s.") { RetryAfter = wait }.ExecuteAsync(context);

    private TimeSpan? LookAtKeys(string address) => _limits.PerMinute is { } limit ? windows.Look("no key " + address, limit) : null;

    private TimeSpan? TakeAddress(string address) => _limits.PerMinute is { } limit ? windows.Take("address " + address, limit) : null;

    private TimeSpan? TakeApart(string address, Endpoint? endpoint) =>
        _limits.SignInPerMinute is { } limit && endpoint?.Metadata.GetMetadata<CountedApart>() is { } apart
            ? windows.Take($"{apart.Name} {address}", limit)
            : null;

    /// <summary>Metadata of endpoints that probes and collectors call.</summary>
    /// <param name="IgnoresCredentials">
    /// Credentials are not looked at, and it is never counted; else it is counted when one is sent, since looking it up is work.
    /// </param>
    internal sealed record Uncounted(bool IgnoresCredentials);

    /// <summary>Metadata of endpoints with the tighter limit, which they share by name.</summary>
    internal sealed record CountedApart(string Name);
}
