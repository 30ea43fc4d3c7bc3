using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Accounts;
using Gamekeeper.Server.Endpoints.Accounts;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.Ops;

/// <summary>Freezing an account: it may look and play on, and may neither give nor take. Effective in every game when answered.</summary>
internal static class FreezeEndpoints
{
    public static void Map(RouteGroupBuilder ops)
    {
        ops.MapPost("/accounts/{id}/freeze", FreezeAsync)
            .WithName("freezeAccount")
            .WithSummary("Freeze an account; safe to repeat, the first reason stands")
            .Refuses(AccountProblems.NotFound);
        ops.MapPost("/accounts/{id}/unfreeze", UnfreezeAsync)
            .WithName("unfreezeAccount")
            .WithSummary("Free an account; safe to repeat")
            .Refuses(AccountProblems.NotFound);
    }

    private static async Task<Results<Ok<FrozenResponse>, Refusal>> FreezeAsync(
        Guid id,
        FreezeRequest body,
        Caller caller,
        FreezeAccount freeze,
        CancellationToken cancellationToken
    ) =>
        await freeze.RunAsync(id, body.Reason, caller.Actor, cancellationToken) switch
        {
            FreezeOutcome.Frozen frozen => TypedResults.Ok(FrozenResponse.Of(frozen.Account)),
            FreezeOutcome.AlreadyFrozen frozen => TypedResults.Ok(FrozenResponse.Of(frozen.Account)),
            FreezeOutcome.Invalid invalid => Refusals.Fields(invalid.Errors),
            FreezeOutcome.NotAllowed => new Refusal(RequestErrors.NotAllowed, "Only operators and keys with the scope operate freeze accounts."),
            _ => NotFound(),
        };

    private static async Task<Results<Ok<FrozenResponse>, Refusal>> UnfreezeAsync(
        Guid id,
        Caller caller,
        UnfreezeAccount unfreeze,
        CancellationToken cancellationToken
    ) =>
        await unfreeze.RunAsync(id, caller.Actor, cancellationToken) switch
        {
            UnfreezeOutcome.Unfrozen free => TypedResults.Ok(FrozenResponse.Of(free.Account)),
            UnfreezeOutcome.NotFrozen free => TypedResults.Ok(FrozenResponse.Of(free.Account)),
            UnfreezeOutcome.NotAllowed => new Refusal(RequestErrors.NotAllowed, "Only operators and keys with the scope operate free accounts."),
            _ => NotFound(),
        };

    private static Refusal NotFound() => new(AccountProblems.NotFound, "There is no such account, or it was closed.");
}

internal sealed record FreezeRequest([property: Required, StringLength(500, MinimumLength = 1), Description("For operators.")] string Reason);

internal sealed record FrozenResponse(Guid Id, string Username, DateTimeOffset? FrozenAt, string? FrozenReason)
{
    public static FrozenResponse Of(Account account) => new(account.Id, account.Username, account.FrozenAt, account.FrozenReason);
}
