using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.Requests;
using Gamekeeper.SummonersGrid.Ownership.Compensating;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.SummonersGrid.Incidents;

/// <summary>Putting a bad event right: a plan that can be looked at, and that alone is applied.</summary>
internal static class CompensationEndpoints
{
    public static void Map(RouteGroupBuilder grid)
    {
        var compensations = grid.MapGroup("/compensations");
        compensations
            .MapPost("/", PlanAsync)
            .WithName("planCompensation")
            .WithSummary("Say what would put a bad event right, card by card; moves nothing. The same world gives the same plan")
            .Refuses(
                IncidentErrors.UnknownStart,
                IncidentErrors.AlreadyCompensated,
                IncidentErrors.TooLarge,
                IncidentErrors.NeedsQuarantine,
                GridErrors.UnknownPlayer
            );
        compensations
            .MapGet("/{id}", GetAsync)
            .WithName("getCompensation")
            .WithSummary("A plan, and what became of it")
            .Refuses(IncidentErrors.UnknownCompensation);
        compensations
            .MapPost("/{id}/apply", ApplyAsync)
            .WithName("applyCompensation")
            .WithSummary("Apply a plan exactly as it was shown, all or nothing, once; refused when the world has moved since")
            .Refuses(IncidentErrors.UnknownCompensation, IncidentErrors.Outdated);
    }

    private static async Task<Results<Ok<CompensationResponse>, Refusal>> PlanAsync(
        PlanCompensationRequest body,
        Caller caller,
        PlanCompensation plan,
        CancellationToken cancellationToken
    )
    {
        if (WireStart.Of(body.OperationId, body.EventId, body.CardId, body.Since) is not { } start)
            return WireStart.Refuse("operationId");
        var request = new CompensationRequest(start, body.BadPlayers ?? [], body.Quarantine, body.IsWide ?? false);
        switch (await plan.RunAsync(caller.Actor, request, cancellationToken))
        {
            case PlanCompensationOutcome.Planned planned:
                return TypedResults.Ok(CompensationResponse.Of(planned.Compensation));
            case PlanCompensationOutcome.Invalid invalid:
                return Refusals.Fields(invalid.Errors);
            case PlanCompensationOutcome.UnknownStart:
                return IncidentErrors.NoStart(start);
            case PlanCompensationOutcome.AlreadyCompensated done:
                return new Refusal(IncidentErrors.AlreadyCompensated, $"By {GridErrors.Some(done.Compensations)}.");
            case PlanCompensationOutcome.TooLarge large:
                return IncidentErrors.Large(large.Limit);
            case PlanCompensationOutcome.NeedsQuarantine homeless:
                return new Refusal(IncidentErrors.NeedsQuarantine, $"Name an account of the house in quarantine, for {GridErrors.Some(homeless.Cards)}.");
            case PlanCompensationOutcome.UnknownPlayer unknown:
                return GridErrors.Player(unknown.Player);
            case PlanCompensationOutcome.NotAllowed:
                return IncidentErrors.OperatorsOnly();
            case var other:
                throw new System.Diagnostics.UnreachableException(other.GetType().Name);
        }
    }

    private static async Task<Results<Ok<CompensationResponse>, Refusal>> GetAsync(
        Guid id,
        CompensationRepository compensations,
        CancellationToken cancellationToken
    ) => await compensations.FindAsync(id, cancellationToken) is { } found ? TypedResults.Ok(CompensationResponse.Of(found)) : Unknown(id);

    private static async Task<Results<Ok<CompensationResponse>, Refusal>> ApplyAsync(
        Guid id,
        ApplyCompensationRequest body,
        Caller caller,
        ApplyCompensation apply,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        switch (await apply.RunAsync(caller.Actor, id, body.Reason, cancellationToken))
        {
            case ApplyCompensationOutcome.Applied applied:
                context.TellReplay(applied.IsReplay);
                return TypedResults.Ok(CompensationResponse.Of(applied.Compensation));
            case ApplyCompensationOutcome.Invalid invalid:
                return Refusals.Fields(invalid.Errors);
            case ApplyCompensationOutcome.Unknown:
                return Unknown(id);
            case ApplyCompensationOutcome.Outdated outdated:
                return Outdated(outdated.Differences);
            case ApplyCompensationOutcome.NotAllowed:
                return IncidentErrors.OperatorsOnly();
            case var other:
                throw new System.Diagnostics.UnreachableException(other.GetType().Name);
        }
    }

    private static Refusal Unknown(Guid id) => new(IncidentErrors.UnknownCompensation, $"There is no plan {id:D}.");

    private static Refusal Outdated(IReadOnlyList<PlanDifference> differences) =>
        new(IncidentErrors.Outdated, $"Make a new plan: {GridErrors.Some([.. differences.Select(d => $"{d.Subject:D} {d.What}")])}.")
        {
            Errors = differences
                .GroupBy(d => d.Subject)
                .Take(100)
                .ToDictionary(g => g.Key.ToString("D"), g => g.Select(d => d.What).ToArray(), StringComparer.Ordinal),
        };
}
