using Gamekeeper.EmbeddedPostgres;
using Npgsql;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.EmbeddedPostgres;

public sealed class SharingTests
{
    [Fact]
    public async Task A_live_server_of_another_process_is_adopted_and_left_running()
    {
        await using var home = await ServerHome.WithClusterAsync();
        using var owner = await ChildProcess.HoldingServerAsync(home.Path);

        await using (var adopted = await home.StartAsync())
        {
            adopted.Adopted.ShouldBeTrue();
            adopted.ProcessId.ShouldBe(owner.ServerId);
            adopted.Port.ShouldBe(owner.ServerPort);
            adopted.Durability.ShouldBe(Durability.None);
            (await ServerHome.AskAsync(adopted, "select sum(amount) from public.coin")).ShouldBe(42L);
            var refused = await Should.ThrowAsync<EmbeddedPostgresException>(() => adopted.RestartAsync());
            refused.Code.ShouldBe(EmbeddedPostgresErrors.NotOwner);
        }

        ProcessTable.IsAlive(owner.ServerId).ShouldBeTrue();
    }

    [Fact]
    public async Task An_adopted_server_tells_when_it_ends()
    {
        await using var home = await ServerHome.WithClusterAsync();
        using var owner = await ChildProcess.HoldingServerAsync(home.Path);
        await using var adopted = await home.StartAsync();

        await owner.EndAsync(Libc.SigKill);

        (await adopted.Exited).ShouldBe(new ServerExit(null, Requested: false));
    }

    [Fact]
    public async Task A_live_server_is_refused_with_its_process_and_port_when_adoption_is_not_wanted()
    {
        await using var home = await ServerHome.WithClusterAsync();
        using var owner = await ChildProcess.HoldingServerAsync(home.Path);

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { Directory = home.Path, WhenRunning = WhenRunning.Refuse }));

        error.Code.ShouldBe(EmbeddedPostgresErrors.AlreadyRunning);
        error.Message.ShouldContain($"process {owner.ServerId}, port {owner.ServerPort}");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_not_adopted()
    {
        await using var home = await ServerHome.WithClusterAsync();
        using var owner = await ChildProcess.HoldingServerAsync(home.Path);
        File.Delete(Path.Combine(home.Path, "run", $".s.PGSQL.{owner.ServerPort}"));

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(home.StartAsync);

        error.Code.ShouldBe(EmbeddedPostgresErrors.AlreadyRunning);
        error.Message.ShouldContain("did not answer");
    }

    [Fact]
    public async Task A_server_on_its_way_out_is_waited_for_and_then_replaced()
    {
        await using var home = await ServerHome.WithClusterAsync();
        var byHand = await home.LaunchByHandAsync("""
            exec "$@" >/dev/null 2>&1
            """);
        await using var adopted = await home.StartAsync();
        var client = new NpgsqlConnection(adopted.ConnectionString("postgres") + ";Pooling=false");
        await client.OpenAsync();
        // SIGTERM is the smart shutdown: it lasts as long as its last client.
        Libc.Signal(byHand.ProcessId, Libc.SigTerm);
        await Soon.TrueAsync(() => PostmasterPid.Read(Path.Combine(home.Data, "postmaster.pid"))?.Status == "stopping");
        var clock = new WatchedClock();

        var start = EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { Directory = home.Path, Durability = Durability.None, TimeProvider = clock });
        await clock.SomebodyWaits;
        await client.DisposeAsync();

        await using var server = await start;
        server.Adopted.ShouldBeFalse();
        (await ServerHome.AskAsync(server, "select sum(amount) from public.coin")).ShouldBe(42L);
    }

    [Fact]
    public async Task Two_processes_that_start_at_once_end_up_with_one_server()
    {
        await using var home = await ServerHome.WithClusterAsync();

        var starts = new[] { ChildProcess.HoldingServerAsync(home.Path), ChildProcess.HoldingServerAsync(home.Path) };
        try
        {
            var children = await Task.WhenAll(starts);
            children[0].ServerId.ShouldBe(children[1].ServerId);
        }
        finally
        {
            foreach (var started in starts.Where(s => s.IsCompletedSuccessfully))
                (await started).Dispose();
        }
    }

    [Fact]
    public async Task The_status_of_a_folder_is_told_without_starting()
    {
        await using var home = ServerHome.Empty();
        (await EmbeddedPostgresServer.StatusAsync(home.Path)).ShouldSatisfyAllConditions(
            s => s.Running.ShouldBeFalse(), s => s.MajorVersion.ShouldBeNull(), _ => Directory.Exists(home.Path).ShouldBeFalse());

        await using (var server = await home.StartAsync())
            (await EmbeddedPostgresServer.StatusAsync(home.Path)).ShouldBe(new EmbeddedPostgresStatus
            {
                Running = true,
                Ready = true,
                ProcessId = server.ProcessId,
                Port = server.Port,
                SocketDirectory = server.SocketDirectory,
                MajorVersion = server.Version.Major,
                DataDirectory = server.DataDirectory,
            });

        (await EmbeddedPostgresServer.StatusAsync(home.Path)).ShouldSatisfyAllConditions(
            s => s.Running.ShouldBeFalse(), s => s.MajorVersion.ShouldNotBeNull());
    }

    [Fact]
    public async Task A_folder_can_be_stopped_by_whoever_knows_its_path()
    {
        await using var home = await ServerHome.WithClusterAsync();
        using var owner = await ChildProcess.HoldingServerAsync(home.Path);

        (await EmbeddedPostgresServer.StopAsync(home.Path)).ShouldBeTrue();

        ProcessTable.IsAlive(owner.ServerId).ShouldBeFalse();
        (await EmbeddedPostgresServer.StopAsync(home.Path)).ShouldBeFalse();
    }
}
