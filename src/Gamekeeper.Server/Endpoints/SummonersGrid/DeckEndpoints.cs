using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.Requests;
using Gamekeeper.SummonersGrid.Decks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>Decks: made, read, changed, and found among the public ones.</summary>
internal static class DeckEndpoints
{
    public static void Map(RouteGroupBuilder grid)
    {
        var decks = grid.MapGroup("/decks");
        decks
            .MapPost("/", CreateAsync)
            .WithName("createDeck")
            .WithSummary("Make a deck; one that breaks its format's rules is stored with the reasons")
            .RequireAuthorization(Policies.Account)
            .Refuses(GridErrors.TooManyDecks, GridErrors.UnknownPlayer, GridErrors.UnknownDeck);
        decks
            .MapGet("/", ListAsync)
            .WithName("listDecks")
            .WithSummary("Decks of a player, last changed first: your own, or of another the public ones")
            .RequireAuthorization(Policies.Anyone)
            .Refuses(PagingErrors.All);
        decks
            .MapGet("/public", PublicAsync)
            .WithName("listPublicDecks")
            .WithSummary("Everyone's public decks, last changed first; with `containing` those whose summons contain a document")
            .RequireAuthorization(Policies.Anyone)
            .Refuses(PagingErrors.All);
        decks
            .MapGet("/{id}", GetAsync)
            .WithName("getDeck")
            .WithSummary("One deck: your own, or a public one; its ETag is the version to change it by")
            .RequireAuthorization(Policies.Anyone)
            .Refuses(GridErrors.UnknownDeck);
        decks
            .MapPut("/{id}", ReplaceAsync)
            .WithName("replaceDeck")
            .WithSummary("Put a whole deck in the place of the one you read, named by If-Match")
            .RequireAuthorization(Policies.Account)
            .Refuses(GridErrors.UnknownDeck, GridErrors.DeckVersionConflict, RequestErrors.VersionMissing);
        decks
            .MapPatch("/{id}", ChangeAsync)
            .WithName("changeDeck")
            .WithSummary("Change parts of a deck and leave the others to whoever changes them; with If-Match only if nobody has")
            .RequireAuthorization(Policies.Account)
            .Refuses(GridErrors.UnknownDeck, GridErrors.DeckVersionConflict);
        decks
            .MapDelete("/{id}", DeleteAsync)
            .WithName("deleteDeck")
            .WithSummary("Remove a deck; with If-Match only if nobody changed it since")
            .RequireAuthorization(Policies.Account)
            .Refuses(GridErrors.UnknownDeck, GridErrors.DeckVersionConflict);
    }

    private static async Task<Results<Created<DeckResponse>, Refusal>> CreateAsync(
        DeckRequest body,
        RequestKey key,
        Caller caller,
        CreateDeck create,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var outcome = await create.RunAsync(caller.Actor, Draft(body), key.Value, cancellationToken);
        if (outcome is not SaveDeckOutcome.Saved saved)
            return Refused(outcome, null);
        context.TellReplay(saved.IsReplay);
        context.Response.TellVersion(saved.Deck.Version);
        return TypedResults.Created($"/v1/summoners-grid/decks/{saved.Deck.Id:D}", DeckResponse.Of(saved.Deck));
    }

    private static async Task<Results<Ok<PageResponse<DeckResponse>>, Refusal>> ListAsync(
        [Description("Whose; yourself when absent.")] Guid? player,
        [Range(1, Paged.MaxLimit)] int? limit,
        [StringLength(Paged.MaxCursor)] string? cursor,
        Caller caller,
        DeckRepository decks,
        CancellationToken cancellationToken
    ) => Paged.Answer(await decks.ByOwnerAsync(caller.Actor, player ?? caller.Id, Paged.Asked(limit, cursor), cancellationToken), DeckResponse.Of);

    private static async Task<Results<Ok<PageResponse<DeckResponse>>, Refusal>> PublicAsync(
        [StringLength(DeckSearch.MaxLength), Description("JSON such as `{\"slot1\": {\"template\": \"alpha-001\"}}`; `card` finds one card. Values are compared whole.")] string? containing,
        [Range(1, Paged.MaxLimit)] int? limit,
        [StringLength(Paged.MaxCursor)] string? cursor,
        Caller caller,
        DeckRepository decks,
        DeckSearch search,
        CancellationToken cancellationToken
    )
    {
        if (containing is null)
            return Paged.Answer(await decks.PublicAsync(caller.Actor, Paged.Asked(limit, cursor), cancellationToken), DeckResponse.Of);
        return await search.ContainingAsync(containing, Paged.Asked(limit, cursor), cancellationToken) switch
        {
            DeckSearchOutcome.Found found => TypedResults.Ok(new PageResponse<DeckResponse>([.. found.Page.Items.Select(DeckResponse.Of)], found.Page.NextCursor)),
            DeckSearchOutcome.Invalid invalid => Refusals.Fields(invalid.Errors),
            DeckSearchOutcome.Refused refused => Refusals.Page(refused.Refusal),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    private static async Task<Results<Ok<DeckResponse>, Refusal>> GetAsync(
        Guid id,
        Caller caller,
        DeckRepository decks,
        HttpResponse response,
        CancellationToken cancellationToken
    )
    {
        if (await decks.FindAsync(caller.Actor, id, cancellationToken) is not { } deck)
            return Unknown(id);
        response.TellVersion(deck.Version);
        return TypedResults.Ok(DeckResponse.Of(deck));
    }

    private static async Task<Results<Ok<DeckResponse>, Refusal>> ReplaceAsync(
        Guid id,
        DeckRequest body,
        [FromHeader(Name = DocumentVersion.Header)] string? ifMatch,
        Caller caller,
        ChangeDeck change,
        HttpResponse response,
        CancellationToken cancellationToken
    )
    {
        if (DocumentVersion.ReadRequired(ifMatch, out var version) is { } refusal)
            return refusal;
        return Answer(await change.ReplaceAsync(caller.Actor, id, Draft(body), version, cancellationToken), id, response);
    }

    private static async Task<Results<Ok<DeckResponse>, Refusal>> ChangeAsync(
        Guid id,
        DeckChangeRequest body,
        [FromHeader(Name = DocumentVersion.Header)] string? ifMatch,
        Caller caller,
        ChangeDeck change,
        HttpResponse response,
        CancellationToken cancellationToken
    )
    {
        if (DocumentVersion.Read(ifMatch, out var version) is { } refusal)
            return refusal;
        var parts = new DeckChange(body.Name, body.Description, body.Format, body.SummonSlots, body.MainDeck, body.AdvanceDeck, body.IsPublic);
        return Answer(await change.MergeAsync(caller.Actor, id, parts, version, cancellationToken), id, response);
    }

    private static async Task<Results<NoContent, Refusal>> DeleteAsync(
        Guid id,
        [FromHeader(Name = DocumentVersion.Header)] string? ifMatch,
        Caller caller,
        ChangeDeck change,
        CancellationToken cancellationToken
    )
    {
        if (DocumentVersion.Read(ifMatch, out var version) is { } refusal)
            return refusal;
        return await change.DeleteAsync(caller.Actor, id, version, cancellationToken) switch
        {
            DeleteDeckOutcome.Deleted => TypedResults.NoContent(),
            DeleteDeckOutcome.VersionConflict conflict => Conflict(conflict.CurrentVersion),
            _ => Unknown(id),
        };
    }

    private static DeckDraft Draft(DeckRequest body) =>
        new(
            body.Name,
            body.SummonSlots.Where(s => s.Value is not null).ToDictionary(s => s.Key, s => s.Value!.Value, StringComparer.Ordinal),
            body.MainDeck,
            body.AdvanceDeck ?? [],
            body.Format ?? DeckFormat.ThreeOnThree.Name,
            body.Description,
            body.IsPublic ?? false
        );

    private static Results<Ok<DeckResponse>, Refusal> Answer(SaveDeckOutcome outcome, Guid id, HttpResponse response)
    {
        if (outcome is not SaveDeckOutcome.Saved saved)
            return Refused(outcome, id);
        response.TellVersion(saved.Deck.Version);
        return TypedResults.Ok(DeckResponse.Of(saved.Deck));
    }

    private static Refusal Refused(SaveDeckOutcome outcome, Guid? id) =>
        outcome switch
        {
            SaveDeckOutcome.Invalid invalid => Refusals.Fields(invalid.Errors),
            SaveDeckOutcome.Unknown when id is { } deck => Unknown(deck),
            SaveDeckOutcome.Unknown => new Refusal(GridErrors.UnknownDeck, "The deck that was made under this key has been deleted since."),
            SaveDeckOutcome.VersionConflict conflict => Conflict(conflict.CurrentVersion),
            SaveDeckOutcome.TooMany many => new Refusal(GridErrors.TooManyDecks, $"A player has at most {many.Limit} decks; delete one first."),
            SaveDeckOutcome.UnknownPlayer unknown => GridErrors.Player(unknown.Player),
            SaveDeckOutcome.KeyReused => Refusals.KeyReused(),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };

    private static Refusal Unknown(Guid id) => new(GridErrors.UnknownDeck, $"There is no deck {id:D} that is yours, or public where you only read.");

    private static Refusal Conflict(long version) => new(GridErrors.DeckVersionConflict, $"The deck is at version {version}; read it again.");
}
