using Gamekeeper.Server.Requests;

namespace Gamekeeper.Server.Endpoints;

/// <summary>Every address of this server.</summary>
internal static class AllEndpoints
{
    public static void Map(WebApplication app)
    {
        var v1 = app.MapGroup("/v1").AddEndpointFilter<RouteGroupBuilder, BodyLimits>();
        v1.MapPost("/probe", (ProbeRequest r, Caller c) => TypedResults.Ok(new { r.Name })).WithName("probe");
        v1.MapGet("/probe/{id}", (Guid id, int? limit) => TypedResults.Ok(new { id })).WithName("probeGet");
    }
    internal sealed record ProbeRequest([property: System.ComponentModel.DataAnnotations.Required, System.ComponentModel.DataAnnotations.StringLength(5, MinimumLength=2)] string Name, int? Count);
}
