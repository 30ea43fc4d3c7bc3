namespace Gamekeeper.Server.RateLimiting;

/// <summary>
/// How many requests are answered in a minute. Counted in this process, in fixed windows of one minute; an IPv6 caller is its /64.
/// </summary>
internal sealed class RateLimitOptions
{
    /// <summary>Requests a minute from one address. Default 100, 1 to 1 000 000; null counts nobody.</summary>
    public int? PerMinute { get; set; } = 100;

    /// <summary>Sign-ins and sign-ups a minute from one address, each counted apart and whatever the credential. Default 10, 1 to 1 000 000; null is no tighter limit.</summary>
    public int? SignInPerMinute { get; set; } = 10;

    /// <summary>Requests a minute of one service key, instead of <see cref="PerMinute"/>. Default 6000, 1 to 10 000 000; null counts no key.</summary>
    public int? ServiceKeyPerMinute { get; set; } = 6000;

    public IEnumerable<string> Problems()
    {
        if (PerMinute is < 1 or > 1_000_000)
            yield return $"Gamekeeper:RateLimit:PerMinute is {PerMinute}; it takes 1 to 1000000, or nothing for no limit.";
        if (SignInPerMinute is < 1 or > 1_000_000)
            yield return $"Gamekeeper:RateLimit:SignInPerMinute is {SignInPerMinute}; it takes 1 to 1000000, or nothing for no tighter limit.";
        if (ServiceKeyPerMinute is < 1 or > 10_000_000)
            yield return $"Gamekeeper:RateLimit:ServiceKeyPerMinute is {ServiceKeyPerMinute}; it takes 1 to 10000000, or nothing for no limit.";
    }
}
