using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Integrity.Checkpoints;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.Integrity;

/// <summary>Checkpoints, for whoever wants to witness them: who has kept one can show later that the past was altered.</summary>
internal static class CheckpointEndpoints
{
    private static readonly ErrorCode Unknown = new("checkpoints.unknown", 404, "There is no such checkpoint.");

    public static void Map(RouteGroupBuilder v1)
    {
        var checkpoints = v1.MapGroup("/checkpoints").WithTags("Integrity");
        checkpoints
            .MapGet("/", ListAsync)
            .WithName("listCheckpoints")
            .WithSummary("Signed checkpoints over histories and audit logs, newest first; with GET /v1/integrity/keys anyone can check them")
            .Refuses(PagingErrors.All);
        checkpoints.MapGet("/{number}", FindAsync).WithName("getCheckpoint").WithSummary("One checkpoint by its number").Refuses(Unknown);
    }

    private static async Task<Results<Ok<PageResponse<CheckpointResponse>>, Refusal>> ListAsync(
        [Range(1, Paged.MaxLimit)] int? limit,
        [StringLength(Paged.MaxCursor)] string? cursor,
        CheckpointRepository checkpoints,
        CancellationToken cancellationToken
    ) => Paged.Answer(await checkpoints.ListAsync(Paged.Asked(limit, cursor), cancellationToken), CheckpointResponse.Of);

    private static async Task<Results<Ok<CheckpointResponse>, Refusal>> FindAsync(
        [Range(1L, 99_999_999_999)] long number,
        CheckpointRepository checkpoints,
        CancellationToken cancellationToken
    ) =>
        await checkpoints.FindAsync(number, cancellationToken) is { } found
            ? TypedResults.Ok(CheckpointResponse.Of(found))
            : new Refusal(Unknown, $"There is no checkpoint {number}.");
}

internal sealed record CheckpointResponse(
    long Number,
    DateTimeOffset At,
    [property: Description("SHA-256 of the payload; the next checkpoint names it.")] string Hash,
    [property: Description("The signed text, itself JSON: sign and hash are over its UTF-8 bytes as they stand here.")] string Payload,
    [property: Description("The key, of GET /v1/integrity/keys.")] string KeyId,
    [property: Description("ECDSA P-256 over the payload, r and s, 128 hex digits.")] string Signature
)
{
    public static CheckpointResponse Of(SignedCheckpoint checkpoint) =>
        new(
            checkpoint.Number,
            checkpoint.Said.At,
            Convert.ToHexStringLower(checkpoint.Hash),
            checkpoint.Payload,
            checkpoint.KeyId,
            Convert.ToHexStringLower(checkpoint.Signature)
        );
}
