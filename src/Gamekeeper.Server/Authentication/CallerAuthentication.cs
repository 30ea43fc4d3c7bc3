using System.Text.Encodings.Web;
using Gamekeeper.Server.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Server.Authentication;

/// <summary>Proves who calls, by access token or service key, and says so in our words when it cannot.</summary>
internal sealed class CallerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        return Task.FromResult(AuthenticateResult.NoResult());
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        BadRequests.OfStatus(StatusCodes.Status401Unauthorized, Context).ExecuteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        BadRequests.OfStatus(StatusCodes.Status403Forbidden, Context).ExecuteAsync(Context);
}
