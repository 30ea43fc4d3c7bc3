using System.ComponentModel;
using Gamekeeper.Integrity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.Integrity;

/// <summary>What an outsider needs to check a history without trusting this server.</summary>
internal static class IntegrityEndpoints
{
    public static void Map(RouteGroupBuilder v1) =>
        v1.MapGroup("/integrity")
            .WithTags("Integrity")
            .MapGet("/keys", KeysAsync)
            .WithName("listPublicKeys")
            .WithSummary("The public half of every key that ever signed a history, oldest first");

    private static async Task<Ok<PublicKeysResponse>> KeysAsync(SigningKeyRing keys, CancellationToken cancellationToken) =>
        TypedResults.Ok(
            new PublicKeysResponse([.. (await keys.PublicKeysAsync(cancellationToken)).Select(k => new PublicKeyResponse(k.Id, k.Pem, k.CreatedAt, k.RetiredAt))])
        );
}

internal sealed record PublicKeysResponse(IReadOnlyList<PublicKeyResponse> Items);

internal sealed record PublicKeyResponse(
    [property: Description("Stands beside every signature.")] string Id,
    [property: Description("ECDSA P-256, SubjectPublicKeyInfo as PEM.")] string Pem,
    DateTimeOffset CreatedAt,
    [property: Description("Since when it only verifies; null for the one that signs.")] DateTimeOffset? RetiredAt
);
