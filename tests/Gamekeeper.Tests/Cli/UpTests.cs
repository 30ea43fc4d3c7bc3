using System.Net;
using System.Net.Http.Json;
using Gamekeeper.Cli.Home;
using Gamekeeper.Cli.Supervision;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Cli;

/// <summary>One <c>up</c>, looked at, hurt and asked for again.</summary>
public class UpTests(RunningHome running) : IClassFixture<RunningHome>
{
    private CliHome Home => running.Home;

    [Fact]
    public async Task The_printed_code_signs_the_operator_in_once()
    {
        using var client = new HttpClient();
        var (api, code) = (running.Started.Json.GetProperty("api").GetString(), running.Started.Json.GetProperty("operator_code").GetString());

        var first = await client.PostAsJsonAsync($"{api}/sessions", new { code });
        var second = await client.PostAsJsonAsync($"{api}/sessions", new { code });

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        ((int)second.StatusCode).ShouldBeInRange(400, 499);
    }

    [Fact]
    public async Task A_second_up_says_that_one_runs_and_starts_nothing()
    {
        var before = Home.Running;

        var second = await Home.RunAsync("up");

        second.ExitCode.ShouldBe(0, second.ToString());
        second.Errors.ShouldContain("already runs");
        second.Output.ShouldContain(before.Url);
        Home.Running.Up.ShouldBe(before.Up);
        Home.Running.Server.ShouldBe(before.Server);
    }

    [Fact]
    public async Task Status_tells_processes_ports_health_and_that_nothing_is_pending()
    {
        var status = await Home.RunAsync("status", "--format", "json");

        status.ExitCode.ShouldBe(0, status.ToString());
        status.Json.GetProperty("running").GetBoolean().ShouldBeTrue();
        status.Json.GetProperty("server").GetProperty("health").GetString().ShouldBe("ready");
        status.Json.GetProperty("postgres").GetProperty("port").GetInt32().ShouldBe(Home.Running.PostgresPort);
        status.Json.GetProperty("migrations").GetProperty("pending").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_killed_server_is_started_again()
    {
        var killed = Home.Running.Server!;

        Signals.Send(killed.Id, Signals.Kill);

        await ServesAgainAsync(state => state.Server is { } server && server != killed);
    }

    [Fact]
    public async Task A_killed_PostgreSQL_is_started_again_under_the_same_server()
    {
        var (killed, server) = (Home.Running.PostgresProcessId!.Value, Home.Running.Server);

        Signals.Send(killed, Signals.Kill);

        await ServesAgainAsync(state => state.PostgresProcessId != killed);
        Home.Running.Server.ShouldBe(server);
        (await Home.RunAsync("verify")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Secrets_can_be_read_by_nobody_else_and_stand_on_no_command_line()
    {
        var secrets = Directory.GetFiles(new GamekeeperHome(Home.Path).SecretsFolder);
        secrets.ShouldNotBeEmpty();
        foreach (var file in secrets)
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);

        var commandLine = await File.ReadAllTextAsync($"/proc/{Home.Running.Server!.Id}/cmdline");
        foreach (var file in secrets)
            commandLine.ShouldNotContain((await File.ReadAllTextAsync(file)).Trim());
    }

    [Fact]
    public async Task Psql_enters_as_the_role_it_is_told()
    {
        var app = await Home.RunAsync("psql", "--", "-Atc", "select current_user");
        var auditor = await Home.RunAsync("psql", "--role", "auditor", "--", "-Atc", "select current_user");

        app.Output.Trim().ShouldBe("gamekeeper_app", app.ToString());
        auditor.Output.Trim().ShouldBe("gamekeeper_auditor", auditor.ToString());
    }

    private async Task ServesAgainAsync(Func<RunState, bool> isNew)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await Soon.TrueAsync(
            async () => Home.Running is { Ready: true } state && isNew(state)
                && await ServerProcess.AnswersAsync(client, new Uri(state.Url + "/health/ready"), CancellationToken.None),
            "the server is ready again");
    }
}
