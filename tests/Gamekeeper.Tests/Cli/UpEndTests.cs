using Gamekeeper.Cli.Home;
using Gamekeeper.Cli.Supervision;
using Gamekeeper.EmbeddedPostgres;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Cli;

/// <summary>However an <c>up</c> ends, it leaves nothing running.</summary>
public class UpEndTests
{
    [Fact]
    public async Task Down_ends_the_server_the_database_and_the_up_and_the_data_stay()
    {
        await using var home = CliHome.New();
        (await home.RunAsync("up", "--detach", "--no-seed")).ExitCode.ShouldBe(0);
        var state = home.Running;

        var down = await home.RunAsync("down");

        down.ExitCode.ShouldBe(0, down.ToString());
        state.Up.IsAlive.ShouldBeFalse();
        state.Server!.IsAlive.ShouldBeFalse();
        ProcessIdentity.Of(state.PostgresProcessId!.Value).ShouldBeNull();
        (await EmbeddedPostgresServer.StatusAsync(new GamekeeperHome(home.Path).DatabaseFolder)).MajorVersion.ShouldNotBeNull();

        // And a verb that needs the database starts it for itself, and stops it again.
        (await home.RunAsync("verify")).ExitCode.ShouldBe(0);
        (await EmbeddedPostgresServer.StatusAsync(new GamekeeperHome(home.Path).DatabaseFolder)).Running.ShouldBeFalse();
    }

    [Fact]
    public async Task A_killed_up_takes_server_and_database_with_it_and_the_next_one_starts()
    {
        await using var home = CliHome.New();
        (await home.RunAsync("up", "--detach", "--no-seed")).ExitCode.ShouldBe(0);
        var state = home.Running;

        Signals.Send(state.Up.Id, Signals.Kill);

        await Soon.TrueAsync(
            () => Task.FromResult(!state.Server!.IsAlive && ProcessIdentity.Of(state.PostgresProcessId!.Value) is null), "both have ended");
        (await home.RunAsync("status", "--format", "json")).Json.GetProperty("running").GetBoolean().ShouldBeFalse("the note is stale");
        var next = await home.RunAsync("up", "--detach", "--no-seed");
        next.ExitCode.ShouldBe(0, next.ToString());
    }

    [Fact]
    public async Task Data_of_another_master_key_are_refused_before_anything_is_served()
    {
        await using var home = CliHome.New();
        (await home.RunAsync("up", "--detach", "--no-seed")).ExitCode.ShouldBe(0);
        (await home.RunAsync("down")).ExitCode.ShouldBe(0);
        // As after a clone was deleted and made again, where root's data lie elsewhere and stayed.
        Directory.Delete(new GamekeeperHome(home.Path).SecretsFolder, recursive: true);

        var result = await home.RunAsync("up", "--detach");

        result.ExitCode.ShouldBe(4, result.ToString());
        result.Errors.ShouldContain("(privacy.master-key-unknown)");
        result.Errors.ShouldContain(Path.Combine(new GamekeeperHome(home.Path).SecretsFolder, "master.key"));
        RunState.ReadLive(new GamekeeperHome(home.Path)).ShouldBeNull();
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_and_ends_with_3()
    {
        await using var home = CliHome.New();
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;

        var result = await home.RunAsync("up", "--port", port.ToString());

        result.ExitCode.ShouldBe(3, result.ToString());
        result.Errors.ShouldContain($"Port {port}");
    }

    [Fact]
    public async Task In_production_it_serves_without_seeds_and_no_proxy_comes_between_it_and_its_server()
    {
        await using var home = CliHome.New();
        var environment = new Dictionary<string, string?> { ["DOTNET_ENVIRONMENT"] = "Production", ["http_proxy"] = "http://127.0.0.1:1", ["no_proxy"] = null };

        var up = await CliProcess.RunAsync(home.Path, environment, "up", "--detach");
        var status = await CliProcess.RunAsync(home.Path, environment, "status", "--format", "json");

        up.ExitCode.ShouldBe(0, up.ToString());
        status.Json.GetProperty("server").GetProperty("health").GetString().ShouldBe("ready");
        (await File.ReadAllTextAsync(new GamekeeperHome(home.Path).UpLog)).ShouldContain("No development data: the environment is Production.");
    }

    [Fact]
    public async Task The_whole_demo_is_told_and_ends_well()
    {
        await using var home = CliHome.New();

        var demo = await home.RunAsync("demo");

        demo.ExitCode.ShouldBe(0, demo.ToString());
        demo.Output.ShouldContain("Every promise held");
        RunState.ReadLive(new GamekeeperHome(home.Path)).ShouldBeNull("it was started for the story alone");
    }
}
