using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Paging;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.Requests;
using Gamekeeper.SummonersGrid.Matches;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>Matches: reported by game servers, seen by everyone.</summary>
internal static class MatchEndpoints
{
    public static void Map(RouteGroupBuilder grid)
    {
        var matches = grid.MapGroup("/matches");
        matches
            .MapPost("/", StartAsync)
            .WithName("startMatch")
            .WithSummary("Record that a match begins; safe to repeat, since the game id names it")
            .RequireAuthorization(Policies.Report)
            .Refuses(GridErrors.UnknownPlayer, GridErrors.GameIdTaken);
        matches
            .MapPost("/{id}/finish", FinishAsync)
            .WithName("finishMatch")
            .WithSummary("Report the result: both players' totals, wins and ratings move with it")
            .RequireAuthorization(Policies.Report)
            .Refuses(GridErrors.UnknownMatch, GridErrors.MatchEnded);
        matches
            .MapPost("/{id}/abandon", AbandonAsync)
            .WithName("abandonMatch")
            .WithSummary("End a match without a result; it counts for nobody")
            .RequireAuthorization(Policies.Report)
            .Refuses(GridErrors.UnknownMatch, GridErrors.MatchEnded);
        matches
            .MapGet("/", ListAsync)
            .WithName("listMatches")
            .WithSummary("Matches that are being played, last begun first; with `gameId` the one of that name")
            .RequireAuthorization(Policies.Anyone)
            .Refuses(PagingErrors.All);
        matches.MapGet("/{id}", GetAsync).WithName("getMatch").WithSummary("One match").RequireAuthorization(Policies.Anyone).Refuses(GridErrors.UnknownMatch);
        matches
            .MapGet("/{id}/data", GetDataAsync)
            .WithName("getMatchData")
            .WithSummary("State or replay of a match, for its players and for the scopes report and operate")
            .RequireAuthorization(Policies.Anyone)
            .Refuses(GridErrors.UnknownMatch);
        grid.MapGet("/players/{id}/matches", ByPlayerAsync)
            .WithName("listMatchesOfPlayer")
            .WithSummary("A player's matches on either side, last begun first")
            .RequireAuthorization(Policies.Anyone)
            .Refuses(PagingErrors.All);
    }

    private static async Task<Results<Created<MatchResponse>, Refusal>> StartAsync(
        StartMatchRequest body,
        Caller caller,
        StartMatch start,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        switch (await start.RunAsync(caller.Actor, body.ToStart(), cancellationToken))
        {
            case StartMatchOutcome.Started started:
                context.TellReplay(started.IsReplay);
                return TypedResults.Created($"/v1/summoners-grid/matches/{started.Match.Id:D}", MatchResponse.Of(started.Match));
            case StartMatchOutcome.Invalid invalid:
                return Refusals.Fields(invalid.Errors);
            case StartMatchOutcome.UnknownPlayer unknown:
                return GridErrors.Player(unknown.Player);
            case StartMatchOutcome.GameIdTaken:
                return new Refusal(GridErrors.GameIdTaken, "The match of this game id has other players, another mode or another format.");
            case var other:
                throw new System.Diagnostics.UnreachableException(other.GetType().Name);
        }
    }

    private static async Task<Results<Ok<MatchResponse>, Refusal>> FinishAsync(
        Guid id,
        FinishMatchRequest body,
        RequestKey key,
        Caller caller,
        FinishMatch finish,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        // A winner that was forgotten must not pass for a draw.
        if ((body.WinnerId is null) != (body.IsDraw == true))
            return Refusal.OfField(RequestErrors.Invalid, "winnerId", "is required, unless isDraw is true");
        var report = new MatchReport(body.WinnerId, body.EndedAt, body.Data?.GetRawText(), body.TemplateIds);
        return Ended(await finish.RunAsync(caller.Actor, id, report, key.Value, cancellationToken), id, context);
    }

    private static async Task<Results<Ok<MatchResponse>, Refusal>> AbandonAsync(
        Guid id,
        AbandonMatchRequest? body,
        RequestKey key,
        Caller caller,
        AbandonMatch abandon,
        HttpContext context,
        CancellationToken cancellationToken
    ) => Ended(await abandon.RunAsync(caller.Actor, id, body?.EndedAt, key.Value, cancellationToken), id, context);

    private static Results<Ok<MatchResponse>, Refusal> Ended(EndMatchOutcome outcome, Guid id, HttpContext context)
    {
        switch (outcome)
        {
            case EndMatchOutcome.Ended ended:
                context.TellReplay(ended.IsReplay);
                return TypedResults.Ok(MatchResponse.Of(ended.Match));
            case EndMatchOutcome.Invalid invalid:
                return Refusals.Fields(invalid.Errors);
            case EndMatchOutcome.Unknown:
                return Unknown(id);
            case EndMatchOutcome.NotActive ended:
                return new Refusal(GridErrors.MatchEnded, $"The match is {ended.Status.ToString().ToLowerInvariant()}; every end is final.");
            case EndMatchOutcome.KeyReused:
                return Refusals.KeyReused();
            default:
                throw new System.Diagnostics.UnreachableException(outcome.GetType().Name);
        }
    }

    private static async Task<Results<Ok<PageResponse<MatchResponse>>, Refusal>> ListAsync(
        [AllowedValues("active", "completed", "abandoned"), Description("`active` when absent.")] string? status,
        [StringLength(Match.MaxGameIdLength, MinimumLength = 1), Description("The one match of this name, however it stands; goes with nothing else.")] string? gameId,
        [Range(1, Paged.MaxLimit)] int? limit,
        [StringLength(Paged.MaxCursor)] string? cursor,
        MatchRepository matches,
        CancellationToken cancellationToken
    )
    {
        if (gameId is null)
            return Paged.Answer(await matches.ByStatusAsync(Standing(status) ?? MatchStatus.Active, Paged.Asked(limit, cursor), cancellationToken), MatchResponse.Of);
        if (status is not null || limit is not null || cursor is not null)
            return Refusal.OfField(RequestErrors.Invalid, "gameId", "goes with no other parameter");
        var found = await matches.FindByGameAsync(gameId, cancellationToken);
        return Paged.Answer<Match, MatchResponse>(new PageOutcome<Match>.Given(new(found is null ? [] : [found], NextCursor: null)), MatchResponse.Of);
    }

    private static async Task<Results<Ok<MatchResponse>, Refusal>> GetAsync(Guid id, MatchRepository matches, CancellationToken cancellationToken) =>
        await matches.FindAsync(id, cancellationToken) is { } match ? TypedResults.Ok(MatchResponse.Of(match)) : Unknown(id);

    private static async Task<Results<Ok<MatchDataResponse>, Refusal>> GetDataAsync(
        Guid id,
        Caller caller,
        MatchRepository matches,
        CancellationToken cancellationToken
    )
    {
        if (await matches.FindAsync(id, cancellationToken) is not { } match)
            return Unknown(id);
        if (!match.IsOf(caller.Id) && !MaySee(caller))
            return new Refusal(RequestErrors.NotAllowed, "Only its two players, and keys with the scope report or operate, see what a match was made of.");
        return TypedResults.Ok(new MatchDataResponse(WireDocument.Of(await matches.FindDataAsync(id, cancellationToken))));
    }

    private static async Task<Results<Ok<PageResponse<MatchResponse>>, Refusal>> ByPlayerAsync(
        Guid id,
        [AllowedValues("active", "completed", "abandoned")] string? status,
        [Range(1, Paged.MaxLimit)] int? limit,
        [StringLength(Paged.MaxCursor)] string? cursor,
        MatchRepository matches,
        CancellationToken cancellationToken
    ) => Paged.Answer(await matches.ByPlayerAsync(id, Standing(status), Paged.Asked(limit, cursor), cancellationToken), MatchResponse.Of);

    private static MatchStatus? Standing(string? status) => status is null ? null : Enum.Parse<MatchStatus>(status, ignoreCase: true);

    private static bool MaySee(Caller caller) => caller.Identity is { } identity && (identity.Has(Policies.Report) || identity.Has(Policies.Operate));

    private static Refusal Unknown(Guid id) => new(GridErrors.UnknownMatch, $"There is no match {id:D}.");
}
