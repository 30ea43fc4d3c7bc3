using Gamekeeper.Accounts;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.RateLimiting;
using Gamekeeper.Server.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.Sessions;

/// <summary>Signing in, staying signed in, signing out.</summary>
internal static class SessionEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        var sessions = v1.MapGroup("/sessions").WithTags("Sessions");
        sessions
            .MapPost("/", SignInAsync)
            .WithName("signIn")
            .WithSummary("Sign in with login and password, or with a one-time code")
            .WithMetadata(new RateLimits.CountedApart("sign-in"))
            .Refuses(SessionErrors.WrongCredentials, SessionErrors.CodeRefused, SessionErrors.AccountClosed, SessionErrors.TooManyAttempts);
        sessions
            .MapPost("/refresh", RefreshAsync)
            .WithName("refreshSession")
            .WithSummary("Exchange a refresh token for its successor and a new access token")
            .WithMetadata(new RateLimits.CountedApart("refresh"))
            .Refuses(SessionErrors.Unknown, SessionErrors.Expired, SessionErrors.Revoked, SessionErrors.ReuseDetected);
        sessions.MapGet("/", ListAsync).WithName("listSessions").WithSummary("Your live sessions, latest first, at most 100").RequireAuthorization(Policies.Account);
        sessions.MapDelete("/current", SignOutAsync).WithName("signOut").WithSummary("Sign this session out").RequireAuthorization(Policies.Account);
        sessions
            .MapDelete("/{id}", RevokeAsync)
            .WithName("revokeSession")
            .WithSummary("Sign out another of your sessions, or as operator anyone's")
            .RequireAuthorization(Policies.Account)
            .Refuses(SessionErrors.NotFound);
    }

    private static async Task<Results<Ok<TokenResponse>, Refusal>> SignInAsync(
        SignInRequest body,
        Caller caller,
        LoginSessions sessions,
        OneTimeCodes codes,
        AccessTokens tokens,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (body is { Code: { } code, Login: null, Password: null })
        {
            return await codes.SignInAsync(code, caller.Actor, cancellationToken) is CodeSignInOutcome.SignedIn byCode
                ? TypedResults.Ok(TokenResponse.Of(byCode.Session, tokens))
                : new Refusal(SessionErrors.CodeRefused, "The code is unknown, was used or has expired; have a new one made.");
        }
        if (body is not { Code: null, Login: { } login, Password: { } password })
            return Refusal.OfField(RequestErrors.Invalid, "login", "and password are taken together, or code alone");
        return await sessions.SignInAsync(login, password, caller.Actor, cancellationToken) switch
        {
            SignInOutcome.SignedIn signedIn => TypedResults.Ok(TokenResponse.Of(signedIn.Session, tokens)),
            SignInOutcome.WrongCredentials => new Refusal(SessionErrors.WrongCredentials, "There is no such login, or this is not its password."),
            SignInOutcome.AccountClosed => new Refusal(SessionErrors.AccountClosed, "The account was closed; it cannot sign in any more."),
            SignInOutcome.TooManyAttempts wait => new Refusal(SessionErrors.TooManyAttempts, $"Too many failures; try again at {wait.RetryAt:O}.")
            {
                RetryAfter = wait.RetryAt - clock.GetUtcNow(),
            },
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    private static async Task<Results<Ok<TokenResponse>, Refusal>> RefreshAsync(
        RefreshRequest body,
        Caller caller,
        LoginSessions sessions,
        AccessTokens tokens,
        CancellationToken cancellationToken
    ) =>
        await sessions.RefreshAsync(body.RefreshToken, caller.Actor, cancellationToken) switch
        {
            RefreshOutcome.Refreshed refreshed => TypedResults.Ok(TokenResponse.Of(refreshed.Session, tokens)),
            RefreshOutcome.Expired => new Refusal(SessionErrors.Expired, "The refresh token has ended; sign in again."),
            RefreshOutcome.Revoked => new Refusal(SessionErrors.Revoked, "The session was signed out; sign in again."),
            RefreshOutcome.ReuseDetected => new Refusal(
                SessionErrors.ReuseDetected,
                "This token was exchanged before, so somebody else may hold its successor; the session was ended for both. Sign in again."
            ),
            RefreshOutcome.Unknown => new Refusal(SessionErrors.Unknown, "This is no refresh token of a session; sign in again."),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };

    private static async Task<Ok<SessionsResponse>> ListAsync(Caller caller, LoginSessions sessions, CancellationToken cancellationToken)
    {
        var live = await sessions.ListAsync(caller.Id, caller.Actor, cancellationToken);
        return TypedResults.Ok(new SessionsResponse([.. live.Select(s => SessionResponse.Of(s, caller.Session))]));
    }

    private static async Task<NoContent> SignOutAsync(Caller caller, LoginSessions sessions, CancellationToken cancellationToken)
    {
        await sessions.RevokeAsync(caller.Session, caller.Actor, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, Refusal>> RevokeAsync(Guid id, Caller caller, LoginSessions sessions, CancellationToken cancellationToken) =>
        await sessions.RevokeAsync(id, caller.Actor, cancellationToken)
            ? TypedResults.NoContent()
            : new Refusal(SessionErrors.NotFound, "You have no session of this id.");
}

/// <summary>Refusals around sessions.</summary>
internal static class SessionErrors
{
    public static readonly ErrorCode WrongCredentials = new(AccountErrors.WrongCredentials, 401, "Login and password do not fit.");
    public static readonly ErrorCode CodeRefused = new(AccountErrors.CodeRefused, 401, "The one-time code does not sign in.");
    public static readonly ErrorCode AccountClosed = new(AccountErrors.Closed, 403, "The account is closed.");
    public static readonly ErrorCode TooManyAttempts = new(AccountErrors.TooManyAttempts, 429, "Too many failed attempts with this login.");
    public static readonly ErrorCode Unknown = new(AccountErrors.SessionUnknown, 401, "Nobody has this refresh token.");
    public static readonly ErrorCode Expired = new(AccountErrors.SessionExpired, 401, "The session has ended.");
    public static readonly ErrorCode Revoked = new(AccountErrors.SessionRevoked, 401, "The session was signed out.");
    public static readonly ErrorCode ReuseDetected = new(AccountErrors.ReuseDetected, 401, "A refresh token was used twice.");
    public static readonly ErrorCode NotFound = new("sessions.not-found", 404, "There is no such session to see.");
}
