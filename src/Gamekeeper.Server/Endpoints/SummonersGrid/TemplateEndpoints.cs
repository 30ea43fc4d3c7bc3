using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.Requests;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Cards.Import;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>The cards that exist, as definitions.</summary>
internal static class TemplateEndpoints
{
    public static void Map(RouteGroupBuilder grid)
    {
        var templates = grid.MapGroup("/card-templates");
        templates
            .MapGet("/", ListAsync)
            .WithName("listCardTemplates")
            .WithSummary("Templates by name; with `text` the best match first")
            .Refuses(PagingErrors.All);
        templates.MapGet("/{id}", GetAsync).WithName("getCardTemplate").WithSummary("One template").Refuses(GridErrors.UnknownTemplate);
        templates
            .MapPost("/import", ImportAsync)
            .WithName("importCardTemplates")
            .WithSummary("Insert or update templates from a JSON array or JSON lines, at most 64 MB, whole or not at all")
            .RequireAuthorization(Policies.Import)
            .WithMetadata(new RequestSizeLimitAttribute(GamekeeperApp.MaxImport))
            .Accepts<Stream>("application/json", "application/x-ndjson")
            .Refuses(GridErrors.ImportRefused);
    }

    private static async Task<Results<Ok<PageResponse<TemplateResponse>>, Refusal>> ListAsync(
        [StringLength(200), Description("Words in name or flavour text, in English stems; \"a phrase\", -without.")] string? text,
        [StringLength(CardTemplate.MaxTypeLength)] string? type,
        [StringLength(CardTemplate.MaxRarityLength)] string? rarity,
        [Range(1, Paged.MaxLimit)] int? limit,
        [StringLength(Paged.MaxCursor)] string? cursor,
        CardTemplateRepository templates,
        CancellationToken cancellationToken
    ) =>
        Paged.Answer(
            await templates.ListAsync(new TemplateQuestion(text, type, rarity), Paged.Asked(limit, cursor), cancellationToken),
            TemplateResponse.Of
        );

    private static async Task<Results<Ok<TemplateResponse>, Refusal>> GetAsync(
        [StringLength(CardTemplate.MaxIdLength)] string id,
        CardTemplateRepository templates,
        CancellationToken cancellationToken
    ) =>
        await templates.FindAsync(id, cancellationToken) is { } template
            ? TypedResults.Ok(TemplateResponse.Of(template))
            : new Refusal(GridErrors.UnknownTemplate, "The catalogue has no template of this id.");

    private static async Task<Results<Ok<ImportResponse>, Refusal>> ImportAsync(
        [Description("Keep members that no template has, under its attributes, instead of refusing them.")] bool? keepUnknown,
        HttpRequest request,
        Caller caller,
        ImportTemplates import,
        CancellationToken cancellationToken
    )
    {
        // A retried transaction reads the file again, so it is laid down first; on disk, since it may be large.
        await using var file = new FileStream(
            Path.GetTempFileName(),
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            }
        );
        await request.Body.CopyToAsync(file, cancellationToken);
        file.Position = 0;
        return await import.RunAsync(caller.Actor, file, keepUnknown ?? false, cancellationToken: cancellationToken) switch
        {
            ImportOutcome.Imported done => TypedResults.Ok(new ImportResponse(done.Inserted, done.Updated, done.Unchanged, done.Total)),
            ImportOutcome.Refused refused => Refused(refused),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    private static Refusal Refused(ImportOutcome.Refused refused) =>
        new(GridErrors.ImportRefused, $"Line {refused.Line}: {refused.Member ?? "the record"} {refused.Problem}")
        {
            Errors = new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                [refused.Member ?? "$"] = [$"line {refused.Line}: {refused.Problem}"],
            },
        };
}
