using System.Net;
using Gamekeeper.Server.RateLimiting;

namespace Gamekeeper.Server;

/// <summary>How the server behaves on the wire. Bound from configuration section <c>Gamekeeper</c>; read once at start.</summary>
internal sealed class ServerOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Gamekeeper";

    /// <summary>Requests allowed.</summary>
    public RateLimitOptions RateLimit { get; set; } = new();

    /// <summary>
    /// Addresses (<c>10.0.0.7</c>) or networks (<c>10.0.0.0/8</c>) whose X-Forwarded-For and X-Forwarded-Proto are believed. Default
    /// none: the address is the one that connected.
    /// </summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    /// <summary>
    /// Whether /metrics answers anyone. Default false: only loopback, or a caller with the scope operate.
    /// </summary>
    public bool PublicMetrics { get; set; }

    public IEnumerable<string> Problems()
    {
        foreach (var problem in RateLimit.Problems())
            yield return problem;
        foreach (var proxy in TrustedProxies.Where(p => !IPAddress.TryParse(p, out _) && !IPNetwork.TryParse(p, out _)))
            yield return $"Gamekeeper:TrustedProxies holds '{proxy}'; it takes addresses such as 10.0.0.7 or networks such as 10.0.0.0/8.";
    }
}
