using System.Net;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.RateLimiting;
using Gamekeeper.Telemetry.Prometheus;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Server.Metrics;

/// <summary>
/// The metrics of this process. They tell what is busy and what fails, so they go to a collector on this machine, or to one with a
/// credential of the scope operate, unless configuration opens them.
/// </summary>
internal static class MetricsEndpoint
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/metrics", Read)
            .WithTags("Health")
            .WithName("metrics")
            .WithSummary("Metrics of this process in the Prometheus text format; from loopback, or with the scope operate")
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .WithMetadata(new RateLimits.Uncounted(IgnoresCredentials: false));

    private static Results<ContentHttpResult, Refusal> Read(HttpContext context, PrometheusText metrics, IOptions<ServerOptions> options)
    {
        // A proxy that is not trusted connects from loopback too, and says for whom in a header.
        var isLocal = context.Connection.RemoteIpAddress is { } address
            && IPAddress.IsLoopback(address)
            && !context.Request.Headers.ContainsKey("X-Forwarded-For")
            && !context.Request.Headers.ContainsKey("Forwarded");
        return isLocal || options.Value.PublicMetrics || CallerIdentity.Of(context.User)?.Has(Policies.Operate) == true
            ? TypedResults.Text(metrics.Render(), PrometheusText.ContentType)
            : new Refusal(RequestErrors.NotAllowed, "Ask from this machine, or with a credential of the scope operate.");
    }
}
