using System.ComponentModel.DataAnnotations;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.Requests;
using Gamekeeper.SummonersGrid.Ownership.Lineage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.SummonersGrid.Incidents;

/// <summary>All that came of a bad event, and keeping it where it is.</summary>
internal static class LineageEndpoints
{
    public static void Map(RouteGroupBuilder grid)
    {
        grid.MapGet("/lineage", TraceAsync)
            .WithName("getLineage")
            .WithSummary("Every card that came of an operation, an event or a card: its later moves, and what was taken in exchange for it, and so on")
            .Refuses(IncidentErrors.UnknownStart);
        grid.MapPost("/lineage/freeze", FreezeAsync)
            .WithName("freezeLineage")
            .WithSummary("Freeze every card of a lineage, whoever holds it; safe to repeat")
            .Refuses(IncidentErrors.UnknownStart, IncidentErrors.TooLarge);
    }

    private static async Task<Results<Ok<LineageResponse>, Refusal>> TraceAsync(
        Guid? operation,
        Guid? @event,
        Guid? card,
        DateTimeOffset? since,
        [Range(0, TraceLineage.MaxDepth)] int? depth,
        TraceLineage trace,
        CancellationToken cancellationToken
    )
    {
        if (WireStart.Of(operation, @event, card, since) is not { } start)
            return WireStart.Refuse("operation");
        return await trace.RunAsync(start, depth, cancellationToken) switch
        {
            LineageOutcome.Traced traced => TypedResults.Ok(LineageResponse.Of(traced.Lineage)),
            LineageOutcome.Invalid invalid => Refusals.Fields(invalid.Errors),
            _ => IncidentErrors.NoStart(start),
        };
    }

    private static async Task<Results<Ok<LineageFrozenResponse>, Refusal>> FreezeAsync(
        FreezeLineageRequest body,
        Caller caller,
        FreezeLineage freeze,
        CancellationToken cancellationToken
    )
    {
        if (WireStart.Of(body.OperationId, body.EventId, body.CardId, body.Since) is not { } start)
            return WireStart.Refuse("operationId");
        return await freeze.RunAsync(caller.Actor, start, body.Reason, cancellationToken) switch
        {
            FreezeLineageOutcome.Done done => TypedResults.Ok(new LineageFrozenResponse(done.Frozen, done.Lineage.Cards.Count)),
            FreezeLineageOutcome.Invalid invalid => Refusals.Fields(invalid.Errors),
            FreezeLineageOutcome.TooLarge large => IncidentErrors.Large(large.Limit),
            FreezeLineageOutcome.NotAllowed => IncidentErrors.OperatorsOnly(),
            _ => IncidentErrors.NoStart(start),
        };
    }
}
