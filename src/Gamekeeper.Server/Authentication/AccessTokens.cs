using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Server.Authentication;

/// <summary>
/// Seals and opens access tokens with the framework's bearer-token protector: opaque, good for fifteen minutes, and naming only account,
/// session and kind. Whether the session still stands is asked with every request; a token proves only that it once did.
/// </summary>
internal sealed class AccessTokens(IOptionsMonitor<BearerTokenOptions> options, KeyRing ring, TimeProvider clock)
{
    /// <summary>How long a token is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public string Issue(CallerIdentity caller)
    {
        var properties = new AuthenticationProperties { ExpiresUtc = clock.GetUtcNow() + Lifetime };
        return Protector.Protect(new AuthenticationTicket(caller.ToPrincipal(), properties, CallerIdentity.Scheme));
    }

    /// <summary>The identity in a token; null when it is none of ours, was altered, or has expired.</summary>
    /// <exception cref="GamekeeperException">The key ring cannot be read, so nothing can be said of the token.</exception>
    public CallerIdentity? Open(string token)
    {
        if (Protector.Unprotect(token) is not { } ticket)
        {
            return ring.Failure is { } failure
                ? throw new GamekeeperException("transactions.unavailable", "The keys of access tokens cannot be read at the moment. Try again later.", failure)
                : null;
        }
        return ticket.Properties.ExpiresUtc is { } end && end > clock.GetUtcNow() ? CallerIdentity.Of(Rebuilt(ticket.Principal)) : null;
    }

    private ISecureDataFormat<AuthenticationTicket> Protector => options.Get(BearerTokenDefaults.AuthenticationScheme).BearerTokenProtector;

    // The serializer keeps the claims; that the identity is proved is said by its authentication type.
    private static ClaimsPrincipal Rebuilt(ClaimsPrincipal principal) => new(new ClaimsIdentity(principal.Claims, CallerIdentity.Scheme));
}
