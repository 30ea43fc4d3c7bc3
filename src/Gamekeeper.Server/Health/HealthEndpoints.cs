using Gamekeeper.Health;
using Gamekeeper.Operations.Monitoring;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.RateLimiting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Health;

/// <summary>For load balancers and orchestrators (live, ready) and for the person on call (everything).</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").WithTags("Health");
        health.MapGet("/live", Live).WithName("live").WithSummary("Whether the process runs; says nothing of its database").WithMetadata(new RateLimits.Uncounted(IgnoresCredentials: true));
        health
            .MapGet("/ready", ReadyAsync)
            .WithName("ready")
            .WithSummary("Whether requests can be served: database reachable, migrated, and with partitions for now; else 503")
            .WithMetadata(new RateLimits.Uncounted(IgnoresCredentials: true))
            .Produces<HealthResponse>(StatusCodes.Status503ServiceUnavailable);
        health
            .MapGet("/", EverythingAsync)
            .WithName("health")
            .WithSummary("Each part this process leans on, with its response time; 503 when one is broken, 200 when one is degraded and all is served")
            .Produces<HealthDetail>(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Policies.Operate);
    }

    private static Ok<HealthResponse> Live() => TypedResults.Ok(new HealthResponse("live"));

    private static async Task<Results<Ok<HealthResponse>, JsonHttpResult<HealthResponse>>> ReadyAsync(
        Readiness readiness,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var report = await readiness.AskAsync(cancellationToken);
        if (report.IsReady)
            return TypedResults.Ok(new HealthResponse("ready"));
        context.Response.Headers.RetryAfter = "2";
        return TypedResults.Json(new HealthResponse("not-ready"), statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<Ok<HealthDetail>, JsonHttpResult<HealthDetail>>> EverythingAsync(
        Readiness readiness,
        JobHealth jobs,
        StatisticsHealth statistics,
        CheckpointHealth checkpoints,
        CacheHealth cache,
        CancellationToken cancellationToken
    )
    {
        var report = await readiness.AskAsync(cancellationToken);
        IReadOnlyList<HealthOfPart> parts = [.. report.Parts, await jobs.CheckAsync(report, cancellationToken)];
        // What nobody's request waits for is said, and makes nothing unready.
        IReadOnlyList<HealthOfPart> aside = report.IsReady ? [await statistics.CheckAsync(cancellationToken), await checkpoints.CheckAsync(cancellationToken), cache.Check()] : [];
        var isServed = parts.All(p => p.IsHealthy);
        var detail = new HealthDetail(
            !isServed ? "broken" : aside.Any(p => !p.IsHealthy) ? "degraded" : "healthy",
            report.ServerVersion,
            [.. parts.Select(p => Part(p, "broken")), .. aside.Select(p => Part(p, "degraded"))]
        );
        return isServed ? TypedResults.Ok(detail) : TypedResults.Json(detail, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static HealthDetailPart Part(HealthOfPart part, string otherwise) =>
        new(part.Name, part.IsHealthy ? "healthy" : otherwise, part.Problem, Math.Round(part.Took.TotalMilliseconds, 2));
}

internal sealed record HealthResponse(string Status);

internal sealed record HealthDetail(string Status, int? PostgresVersion, IReadOnlyList<HealthDetailPart> Parts);

internal sealed record HealthDetailPart(string Name, string Status, string? Problem, double ResponseTimeMs);
