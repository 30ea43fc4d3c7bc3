namespace Gamekeeper.Tests.Server;

public sealed class MetricsTests
{
    [Fact]
    public async Task The_meters_of_database_server_and_runtime_move_under_load()
    {
        await using var world = await ServerWorld.CreateAsync();
        await world.PlayerAsync();
        var text = await world.Anonymous.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        text.ShouldContain("gamekeeper_database_round_trip_duration_seconds_bucket{statement=");
        text.ShouldContain("http_server_request_duration_seconds_count{");
        text.ShouldContain("db_client_connection_count");
        text.ShouldContain("dotnet_process_memory_working_set_bytes");
        text.ShouldContain("dotnet_process_cpu_time_seconds_total");
    }
}
