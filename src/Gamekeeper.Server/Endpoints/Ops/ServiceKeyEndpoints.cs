using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Accounts;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.Ops;

/// <summary>Keys with which game servers and tools act.</summary>
internal static class ServiceKeyEndpoints
{
    private static readonly ErrorCode NotFound = new(AccountErrors.ServiceKeyUnknown, 404, "There is no such service key.");
    private static readonly ErrorCode NotAllowed = new("service-keys.not-allowed", 403, "Only operators make and revoke service keys.");

    public static void Map(RouteGroupBuilder ops)
    {
        var keys = ops.MapGroup("/service-keys");
        keys.MapPost("/", CreateAsync)
            .WithName("createServiceKey")
            .WithSummary("Make a service key; its text is shown in this answer and never again")
            .Refuses(NotAllowed);
        keys.MapGet("/", ListAsync).WithName("listServiceKeys").WithSummary("All service keys without their secrets, newest first, at most 1000");
        keys.MapDelete("/{id}", RevokeAsync).WithName("revokeServiceKey").WithSummary("Refuse a service key from now on").Refuses(NotFound);
    }

    private static async Task<Results<Created<NewServiceKeyResponse>, Refusal>> CreateAsync(
        CreateServiceKeyRequest body,
        Caller caller,
        ServiceKeys keys,
        CancellationToken cancellationToken
    ) =>
        await keys.CreateAsync(new ServiceKeyInput(body.Name, body.Scopes, body.ExpiresAt), caller.Actor, cancellationToken) switch
        {
            CreateServiceKeyOutcome.Created created => TypedResults.Created(
                $"/v1/ops/service-keys/{created.Key.Id:D}",
                new NewServiceKeyResponse(created.Text, ServiceKeyResponse.Of(created.Key))
            ),
            CreateServiceKeyOutcome.Invalid invalid => Refusals.Fields(invalid.Errors),
            _ => new Refusal(NotAllowed, "A service key cannot make others; sign in as operator."),
        };

    private static async Task<Ok<ServiceKeysResponse>> ListAsync(ServiceKeys keys, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ServiceKeysResponse([.. (await keys.ListAsync(cancellationToken)).Select(ServiceKeyResponse.Of)]));

    private static async Task<Results<NoContent, Refusal>> RevokeAsync(Guid id, Caller caller, ServiceKeys keys, CancellationToken cancellationToken) =>
        await keys.RevokeAsync(id, caller.Actor, cancellationToken)
            ? TypedResults.NoContent()
            : new Refusal(NotFound, "There is no live service key of this id that you may revoke.");
}

internal sealed record CreateServiceKeyRequest(
    [property: Required, StringLength(100, MinimumLength = 1), Description("What the key is for.")] string Name,
    [property: Required, Length(1, 5), AllowedEntries("mint", "grant", "report", "import", "operate")] IReadOnlyList<string> Scopes,
    [property: Description("Until when; absent for no end.")] DateTimeOffset? ExpiresAt
);

internal sealed record NewServiceKeyResponse([property: Description("What its holder presents as bearer token; kept nowhere.")] string Text, ServiceKeyResponse Key)
{
    public override string ToString() => $"NewServiceKeyResponse {Key.Id}";
}

internal sealed record ServiceKeysResponse(IReadOnlyList<ServiceKeyResponse> Items);

internal sealed record ServiceKeyResponse(
    Guid Id,
    string Name,
    IReadOnlyList<string> Scopes,
    Guid? CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsed
)
{
    public static ServiceKeyResponse Of(ServiceKey key) =>
        new(key.Id, key.Name, key.Scopes, key.CreatedBy, key.CreatedAt, key.ExpiresAt, key.RevokedAt, key.LastUsed);
}
