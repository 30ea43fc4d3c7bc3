using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Accounts;
using Gamekeeper.Server.Authentication;

namespace Gamekeeper.Server.Endpoints.Sessions;

/// <summary>Either login and password, or a one-time code.</summary>
internal sealed record SignInRequest(
    [property: StringLength(254, MinimumLength = 1), Description("Username or e-mail address, in any case.")] string? Login,
    [property: StringLength(1000, MinimumLength = 1)] string? Password,
    [property: StringLength(100, MinimumLength = 1), Description("A one-time code, as `gamekeeper up` prints for the operator.")] string? Code
)
{
    /// <summary>Nothing of it: all of it is personal or secret.</summary>
    public override string ToString() => nameof(SignInRequest);
}

/// <summary>The token of the session, to be exchanged for its successor.</summary>
internal sealed record RefreshRequest([property: Required, StringLength(200, MinimumLength = 1)] string RefreshToken)
{
    public override string ToString() => nameof(RefreshRequest);
}

/// <summary>A session's tokens, shown once.</summary>
internal sealed record TokenResponse(
    Guid SessionId,
    Guid AccountId,
    [property: AllowedValues("Bearer")] string TokenType,
    [property: Description("Goes into the header Authorization.")] string AccessToken,
    [property: Description("Seconds that the access token is good.")] int ExpiresIn,
    [property: Description("Good for one exchange; sent again within 30 seconds, the same successor comes back.")] string RefreshToken,
    DateTimeOffset RefreshExpiresAt
)
{
    public static TokenResponse Of(IssuedSession session, AccessTokens tokens) =>
        new(
            session.SessionId,
            session.Account.Id,
            "Bearer",
            tokens.Issue(session.SessionId),
            (int)AccessTokens.Lifetime.TotalSeconds,
            session.RefreshToken,
            session.ExpiresAt
        );

    public override string ToString() => $"TokenResponse {SessionId}";
}

/// <summary>A sign-in as its owner sees it.</summary>
internal sealed record SessionResponse(
    Guid Id,
    [property: Description("The session of this very request.")] bool IsCurrent,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUsed,
    DateTimeOffset ExpiresAt,
    string? IpAddress,
    string? UserAgent
)
{
    public static SessionResponse Of(LoginSession session, Guid current) =>
        new(session.Id, session.Id == current, session.CreatedAt, session.LastUsed, session.ExpiresAt, session.IpAddress?.ToString(), session.UserAgent);
}

/// <summary>All of a short list.</summary>
internal sealed record SessionsResponse(IReadOnlyList<SessionResponse> Items);
