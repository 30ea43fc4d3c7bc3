using System.Text.Encodings.Web;
using Gamekeeper.Accounts;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.RateLimiting;
using Gamekeeper.Transactions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Server.Authentication;

/// <summary>
/// Proves who calls, by access token or service key. A session that was revoked, or a role that was taken away, ends with the next
/// request and not with the token.
/// </summary>
internal sealed class CallerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    AccessTokens tokens,
    LoginSessions sessions,
    ServiceKeys keys
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Probes must be answered while the database is gone, whatever they send along.
        var isProbe = Context.GetEndpoint()?.Metadata.GetMetadata<RateLimits.Uncounted>() is { IgnoresCredentials: true };
        if (isProbe || BearerToken.Of(Context) is not { } token)
            return AuthenticateResult.NoResult();
        var caller = BearerToken.IsServiceKey(Context) ? await KeyAsync(token) : await SessionAsync(token);
        return caller is null
            ? AuthenticateResult.Fail("The credential is not valid.")
            : AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(), Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        await new Refusal(
            BearerToken.Of(Context) is null ? RequestErrors.SignInRequired : RequestErrors.TokenRefused,
            "Send Authorization: Bearer with a token of POST /v1/sessions, or with a service key."
        ).ExecuteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        BadRequests.OfStatus(StatusCodes.Status403Forbidden, Context).ExecuteAsync(Context);

    private async Task<CallerIdentity?> KeyAsync(string token) =>
        await keys.FindAsync(token, Context.RequestAborted) is FindServiceKeyOutcome.Found key
            ? new CallerIdentity(ActorKind.Service, key.Id, null, key.Scopes)
            : null;

    private async Task<CallerIdentity?> SessionAsync(string token)
    {
        if (tokens.Open(token) is not { } session || await sessions.CheckAsync(session, Context.RequestAborted) is not SessionCheck.Live live)
            return null;
        var kind = live.Roles.Contains(AccountRoles.Operator, StringComparer.Ordinal) ? ActorKind.Operator : ActorKind.Player;
        return new CallerIdentity(kind, live.AccountId, session, live.Roles);
    }
}
