using Gamekeeper.Accounts;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Endpoints.Sessions;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.RateLimiting;
using Gamekeeper.Server.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gamekeeper.Server.Endpoints.Accounts;

/// <summary>One account for all games: signing up, one's own, and what others may see of it.</summary>
internal static class AccountEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        var accounts = v1.MapGroup("/accounts").WithTags("Accounts");
        accounts
            .MapPost("/", SignUpAsync)
            .WithName("signUp")
            .WithSummary("Make an account; signing in is the next call")
            .WithMetadata(new RateLimits.CountedApart("sign-up"))
            .Refuses(AccountProblems.UsernameTaken, AccountProblems.EmailTaken);
        accounts
            .MapGet("/me", MeAsync)
            .WithName("getOwnAccount")
            .WithSummary("Your own account")
            .RequireAuthorization(Policies.Account)
            .Refuses(AccountProblems.NotFound);
        accounts
            .MapPatch("/me", UpdateAsync)
            .WithName("updateOwnAccount")
            .WithSummary("Change what you show and prefer; with If-Match only if nobody changed it since")
            .RequireAuthorization(Policies.Account)
            .Refuses(AccountProblems.NotFound, AccountProblems.VersionConflict);
        accounts
            .MapPost("/me/password", ChangePasswordAsync)
            .WithName("changePassword")
            .WithSummary("Change your password; every other session of yours is signed out")
            .WithMetadata(new RateLimits.CountedApart("password"))
            .RequireAuthorization(Policies.Account)
            .Refuses(AccountProblems.NotFound, AccountProblems.WrongPassword, AccountProblems.TooManyAttempts);
        accounts
            .MapPost("/password", ResetPasswordAsync)
            .WithName("resetPassword")
            .WithSummary("Choose a password with a code that an operator gave you; whoever is signed in as you is signed out")
            .WithMetadata(new RateLimits.CountedApart("password"))
            .Refuses(SessionErrors.CodeRefused);
        accounts
            .MapGet("/{id}", CardAsync)
            .WithName("getAccount")
            .WithSummary("What anyone may know of an account")
            .Refuses(AccountProblems.NotFound);
    }

    private static async Task<Results<Created<AccountResponse>, Refusal>> SignUpAsync(
        SignUpRequest body,
        Caller caller,
        SignUp signUp,
        CancellationToken cancellationToken
    )
    {
        var input = new SignUpInput(body.Username, body.Email, body.Password, body.DisplayName);
        return await signUp.RunAsync(input, caller.Actor, key: null, cancellationToken) switch
        {
            SignUpOutcome.Created created => TypedResults.Created($"/v1/accounts/{created.Account.Id:D}", AccountResponse.Of(created.Account)),
            SignUpOutcome.UsernameTaken => new Refusal(AccountProblems.UsernameTaken, "Take another name."),
            SignUpOutcome.EmailTaken => new Refusal(AccountProblems.EmailTaken, "Sign in with the account that has this address, or take another."),
            SignUpOutcome.Invalid invalid => Refusals.Fields(invalid.Errors),
            SignUpOutcome.KeyReused => Refusals.KeyReused(),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    private static async Task<Results<Ok<AccountResponse>, Refusal>> MeAsync(
        Caller caller,
        AccountRepository accounts,
        HttpResponse response,
        CancellationToken cancellationToken
    )
    {
        if (await accounts.FindAsync(caller.Id, caller.Actor, cancellationToken) is not { } account)
            return NotFound();
        response.TellVersion(account.Version);
        return TypedResults.Ok(AccountResponse.Of(account));
    }

    private static async Task<Results<Ok<AccountResponse>, Refusal>> UpdateAsync(
        UpdateProfileRequest body,
        [FromHeader(Name = DocumentVersion.Header)] string? ifMatch,
        Caller caller,
        UpdateProfile update,
        HttpResponse response,
        CancellationToken cancellationToken
    )
    {
        if (DocumentVersion.Read(ifMatch, out var version) is { } refusal)
            return refusal;
        switch (await update.RunAsync(caller.Id, new ProfileChange(body.DisplayName, body.AvatarUrl, body.Settings, version), caller.Actor, cancellationToken))
        {
            case UpdateProfileOutcome.Updated updated:
                response.TellVersion(updated.Account.Version);
                return TypedResults.Ok(AccountResponse.Of(updated.Account));
            case UpdateProfileOutcome.Invalid invalid:
                return Refusals.Fields(invalid.Errors);
            case UpdateProfileOutcome.VersionConflict conflict:
                return new Refusal(AccountProblems.VersionConflict, $"The account is at version {conflict.CurrentVersion}; read it again.");
            default:
                return NotFound();
        }
    }

    private static async Task<Results<Ok<ChangePasswordResponse>, Refusal>> ChangePasswordAsync(
        ChangePasswordRequest body,
        Caller caller,
        ChangePassword change,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        await change.RunAsync(caller.Id, body.OldPassword, body.NewPassword, caller.Session, caller.Actor, cancellationToken) switch
        {
            ChangePasswordOutcome.Changed changed => TypedResults.Ok(new ChangePasswordResponse(changed.RevokedSessions)),
            ChangePasswordOutcome.WrongPassword => new Refusal(AccountProblems.WrongPassword, "oldPassword is not the password of this account."),
            ChangePasswordOutcome.TooManyAttempts wait => new Refusal(AccountProblems.TooManyAttempts, $"Too many failures; try again at {wait.RetryAt:O}.")
            {
                RetryAfter = wait.RetryAt - clock.GetUtcNow(),
            },
            ChangePasswordOutcome.Invalid invalid => Refusals.Fields(invalid.Errors),
            _ => NotFound(),
        };

    private static async Task<Results<Ok<ChangePasswordResponse>, Refusal>> ResetPasswordAsync(
        ResetPasswordRequest body,
        Caller caller,
        ResetPassword reset,
        CancellationToken cancellationToken
    ) =>
        await reset.RunAsync(body.Code, body.NewPassword, caller.Actor, cancellationToken) switch
        {
            ResetPasswordOutcome.Changed changed => TypedResults.Ok(new ChangePasswordResponse(changed.RevokedSessions)),
            ResetPasswordOutcome.Invalid invalid => Refusals.Fields(invalid.Errors),
            _ => new Refusal(SessionErrors.CodeRefused, "Ask for a new code."),
        };

    private static async Task<Results<Ok<AccountCard>, Refusal>> CardAsync(Guid id, AccountRepository accounts, CancellationToken cancellationToken) =>
        await accounts.PublicAsync([id], cancellationToken) is [var account] ? TypedResults.Ok(AccountCard.Of(account)) : NotFound();

    private static Refusal NotFound() => new(AccountProblems.NotFound, "There is no such account, or it was closed.");
}

/// <summary>Refusals around accounts.</summary>
internal static class AccountProblems
{
    public static readonly ErrorCode UsernameTaken = new(AccountErrors.UsernameTaken, 409, "Someone has this name, in whatever case, or it is reserved.");
    public static readonly ErrorCode EmailTaken = new(AccountErrors.EmailTaken, 409, "Someone has this e-mail address.");
    public static readonly ErrorCode NotFound = new(AccountErrors.NotFound, 404, "There is no such account.");
    public static readonly ErrorCode VersionConflict = new(AccountErrors.VersionConflict, 412, "Somebody changed the account since you read it.");
    public static readonly ErrorCode WrongPassword = new("accounts.wrong-password", 403, "The old password is another.");
    public static readonly ErrorCode TooManyAttempts = new(AccountErrors.TooManyAttempts, 429, "Too many failed attempts with this login.");
}
