namespace Gamekeeper.Server.Endpoints.SummonersGrid.Incidents;

/// <summary>What operators do when something bad has happened in Summoner's Grid: look, freeze, plan, put right.</summary>
internal static class IncidentEndpoints
{
    public static void Map(RouteGroupBuilder ops)
    {
        var grid = ops.MapGroup("/summoners-grid");
        LineageEndpoints.Map(grid);
        CompensationEndpoints.Map(grid);
        CardFreezeEndpoints.Map(grid);
    }
}
