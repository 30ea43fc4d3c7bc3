using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Endpoints.SummonersGrid.Incidents;

namespace Gamekeeper.Server.Endpoints.Ops;

/// <summary>For operators, and service keys with the scope operate.</summary>
internal static class OpsEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        var ops = v1.MapGroup("/ops").WithTags("Operations").RequireAuthorization(Policies.Operate);
        ServiceKeyEndpoints.Map(ops);
        FreezeEndpoints.Map(ops);
        JobEndpoints.Map(ops);
        VerifyEndpoints.Map(ops);
        IncidentEndpoints.Map(ops);
        DatabaseEndpoints.Map(ops);
        CacheEndpoints.Map(ops);
    }
}
