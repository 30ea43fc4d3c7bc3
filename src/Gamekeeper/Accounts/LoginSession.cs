using System.Net;

namespace Gamekeeper.Accounts;

/// <summary>A sign-in as its owner sees it.</summary>
public sealed record LoginSession(
    Guid Id,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUsed,
    DateTimeOffset ExpiresAt,
    IPAddress? IpAddress,
    string? UserAgent
)
{
    /// <summary>Without address and agent, which are personal.</summary>
    public override string ToString() => $"LoginSession {Id}";
}

/// <summary>A session with the token that prolongs it. The token is shown here once and kept nowhere.</summary>
/// <param name="Account">Who is signed in.</param>
/// <param name="SessionId">Stays the same while tokens are rotated.</param>
/// <param name="RefreshToken">43 characters; good for one exchange.</param>
/// <param name="ExpiresAt">When the refresh token ends.</param>
public sealed record IssuedSession(Account Account, Guid SessionId, string RefreshToken, DateTimeOffset ExpiresAt)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => $"IssuedSession {SessionId}";
}

/// <summary>What became of a sign-in.</summary>
public abstract record SignInOutcome
{
    private SignInOutcome() { }

    /// <summary>Signed in.</summary>
    public sealed record SignedIn(IssuedSession Session) : SignInOutcome;

    /// <summary>No such login, or not its password; which of the two is not told.</summary>
    public sealed record WrongCredentials : SignInOutcome;

    /// <summary>The password was right and the account is closed.</summary>
    public sealed record AccountClosed : SignInOutcome;

    /// <summary>Too many failures; even the right password is refused until then.</summary>
    public sealed record TooManyAttempts(DateTimeOffset RetryAt) : SignInOutcome;
}

/// <summary>What became of a refresh.</summary>
public abstract record RefreshOutcome
{
    private RefreshOutcome() { }

    /// <summary>A new token; the presented one is spent. Repeated within the grace, the same new token again.</summary>
    public sealed record Refreshed(IssuedSession Session) : RefreshOutcome;

    /// <summary>The token has ended; sign in again.</summary>
    public sealed record Expired : RefreshOutcome;

    /// <summary>The session was signed out, or its account closed.</summary>
    public sealed record Revoked : RefreshOutcome;

    /// <summary>A token spent long ago turned up: either side may be a thief, so the session was revoked for both.</summary>
    public sealed record ReuseDetected : RefreshOutcome;

    /// <summary>Nobody ever had that token, or its session was purged.</summary>
    public sealed record Unknown : RefreshOutcome;
}

/// <summary>What is known of a session at a request; one indexed read.</summary>
public abstract record SessionCheck
{
    private SessionCheck() { }

    /// <summary>Good.</summary>
    /// <param name="AccountId">Who is signed in.</param>
    /// <param name="Roles">As they are now, not as they were at sign-in.</param>
    /// <param name="FrozenAt">Since when the account may neither give nor take; null when it is free.</param>
    public sealed record Live(Guid AccountId, IReadOnlyList<string> Roles, DateTimeOffset? FrozenAt) : SessionCheck;

    /// <summary>Its time is over.</summary>
    public sealed record Expired : SessionCheck;

    /// <summary>Signed out, or the account is closed.</summary>
    public sealed record Revoked : SessionCheck;

    /// <summary>No such session.</summary>
    public sealed record Unknown : SessionCheck;
}
