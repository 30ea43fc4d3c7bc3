using Gamekeeper.Server.Endpoints.Accounts;
using Gamekeeper.Server.Endpoints.Integrity;
using Gamekeeper.Server.Endpoints.Ops;
using Gamekeeper.Server.Endpoints.Sessions;
using Gamekeeper.Server.Endpoints.SummonersGrid;
using Gamekeeper.Server.Health;
using Gamekeeper.Server.Metrics;
using Gamekeeper.Server.Requests;

namespace Gamekeeper.Server.Endpoints;

/// <summary>Every address of this server.</summary>
internal static class AllEndpoints
{
    public static void Map(WebApplication app)
    {
        HealthEndpoints.Map(app);
        MetricsEndpoint.Map(app);
        var v1 = app.MapGroup("/v1").AddEndpointFilter<RouteGroupBuilder, BodyLimits>();
        AccountEndpoints.Map(v1);
        SessionEndpoints.Map(v1);
        OpsEndpoints.Map(v1);
        TrailEndpoints.Map(v1);
        IntegrityEndpoints.Map(v1);
        CheckpointEndpoints.Map(v1);
        GridEndpoints.Map(v1);
    }
}
