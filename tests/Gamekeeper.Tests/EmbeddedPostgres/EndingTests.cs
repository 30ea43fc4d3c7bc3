using Gamekeeper.EmbeddedPostgres;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.EmbeddedPostgres;

public sealed class EndingTests
{
    private const int SigInt = 2;
    private const int SigKill = 9;
    private const int SigTerm = 15;

    [Theory]
    [InlineData(SigKill)]
    [InlineData(SigInt)]
    [InlineData(SigTerm)]
    public async Task The_server_shuts_down_in_order_when_its_parent_is_ended(int signal)
    {
        await using var home = await ServerHome.WithClusterAsync();
        using var parent = await ChildProcess.HoldingServerAsync(home.Path);

        await parent.EndAsync(signal);

        await Soon.TrueAsync(() => !ProcessTable.IsAlive(parent.ServerId), "the server ends with its parent");
        var log = await File.ReadAllTextAsync(Path.Combine(home.Path, "log", "postgresql.log"));
        log.ShouldContain($"[{parent.ServerId}] LOG:  received fast shutdown request");
        log.ShouldContain($"[{parent.ServerId}] LOG:  database system is shut down");
    }

    [Fact]
    public async Task Ctrl_c_in_the_terminal_does_not_reach_the_server_before_us()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using var server = await home.StartAsync();

        // proc(5): state, parent, process group, session. A terminal signals its foreground process group.
        var stat = await File.ReadAllTextAsync($"/proc/{server.ProcessId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        int.Parse(fields[1]).ShouldBe(Environment.ProcessId);
        int.Parse(fields[2]).ShouldBe(server.ProcessId);
    }

    [Fact]
    public async Task The_server_outlives_the_thread_that_asked_for_it()
    {
        await using var home = await ServerHome.WithClusterAsync();
        EmbeddedPostgresServer? server = null;
        var asking = new Thread(() => server = home.StartAsync().GetAwaiter().GetResult());
        asking.Start();
        asking.Join();

        await using (server)
            (await ServerHome.AskAsync(server!, "select pg_sleep(0.2)::text || 'here'")).ShouldBe("here");
    }

    [Fact]
    public async Task A_fast_stop_is_orderly_and_may_be_repeated()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using var server = await home.StartAsync();

        await server.StopAsync();
        await server.StopAsync();

        (await server.Exited).ShouldBe(new ServerExit(0, Requested: true));
        File.Exists(Path.Combine(home.Data, "postmaster.pid")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_immediate_stop_is_a_crash_the_next_start_recovers_from()
    {
        await using var home = await ServerHome.WithClusterAsync();
        // Without durability a commit may still be in the memory that an immediate stop drops.
        await using (var server = await EmbeddedPostgresServer.StartAsync(new EmbeddedPostgresOptions { Directory = home.Path }))
        {
            await ServerHome.AskAsync(server, "insert into public.coin values (1)");
            await server.StopAsync(StopMode.Immediate);
        }

        await using var next = await home.StartAsync();
        var log = await File.ReadAllTextAsync(next.LogFile);
        log.ShouldContain("database system was not properly shut down; automatic recovery in progress");
        (await ServerHome.AskAsync(next, "select sum(amount) from public.coin")).ShouldBe(43L);
    }
}
