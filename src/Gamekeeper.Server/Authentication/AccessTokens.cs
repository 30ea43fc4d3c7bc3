using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Server.Authentication;

/// <summary>
/// Seals and opens access tokens with the framework's bearer-token protector: opaque, good for fifteen minutes, and naming only the
/// login session. Whether that still stands, and whose it is, is asked with every request; a token proves only that it once did.
/// </summary>
internal sealed class AccessTokens(IOptionsMonitor<BearerTokenOptions> options, KeyRing ring, TimeProvider clock)
{
    /// <summary>How long a token is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private const string SessionClaim = "sid";

    public string Issue(Guid session)
    {
        var principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(SessionClaim, session.ToString("D"))], CallerIdentity.Scheme));
        var properties = new AuthenticationProperties { ExpiresUtc = clock.GetUtcNow() + Lifetime };
        return Protector.Protect(new AuthenticationTicket(principal, properties, CallerIdentity.Scheme));
    }

    /// <summary>The session in a token; null when it is none of ours, was altered, or has expired.</summary>
    /// <exception cref="GamekeeperException">The key ring cannot be read, so nothing can be said of the token.</exception>
    public Guid? Open(string token)
    {
        if (Protector.Unprotect(token) is not { } ticket)
        {
            return ring.Failure is { } failure
                ? throw new GamekeeperException("transactions.unavailable", "The keys of access tokens cannot be read at the moment. Try again later.", failure)
                : null;
        }
        var isGood = ticket.Properties.ExpiresUtc is { } end && end > clock.GetUtcNow();
        return isGood && ticket.Principal.FindFirst(SessionClaim) is { } claim && Guid.TryParseExact(claim.Value, "D", out var session) ? session : null;
    }

    private ISecureDataFormat<AuthenticationTicket> Protector => options.Get(BearerTokenDefaults.AuthenticationScheme).BearerTokenProtector;
}
