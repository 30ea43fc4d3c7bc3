using Gamekeeper.EmbeddedPostgres;
using Npgsql;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.EmbeddedPostgres;

public sealed class RecoveringTests
{
    private const int SigStop = 19;

    [Fact]
    public async Task After_kill_minus_nine_the_next_start_has_what_was_committed()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using var killed = await EmbeddedPostgresServer.StartAsync(new EmbeddedPostgresOptions { Directory = home.Path });
        await ServerHome.AskAsync(killed, "insert into public.coin values (1)");

        Libc.Signal(killed.ProcessId, Libc.SigKill);
        (await killed.Exited).ShouldBe(new ServerExit(137, Requested: false));

        await using var server = await home.StartAsync();
        (await ServerHome.AskAsync(server, "select sum(amount) from public.coin")).ShouldBe(43L);
    }

    [Fact]
    public async Task A_server_that_died_can_be_restarted_in_place()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using var server = await home.StartAsync();
        Libc.Signal(server.ProcessId, Libc.SigKill);

        await server.RestartAsync();

        (await Should.ThrowAsync<EmbeddedPostgresException>(home.StartAsync)).Code.ShouldBe(EmbeddedPostgresErrors.StartedTwice);
        (await ServerHome.AskAsync(server, "select sum(amount) from public.coin")).ShouldBe(42L);
    }

    [Fact]
    public async Task A_start_right_after_the_kill_waits_for_the_death_to_be_heard_of()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using var killed = await home.StartAsync();
        Libc.Signal(killed.ProcessId, Libc.SigKill);
        await Soon.TrueAsync(() => !ProcessTable.IsAlive(killed.ProcessId));

        await using var server = await home.StartAsync();
        server.ProcessId.ShouldNotBe(killed.ProcessId);
    }

    [Fact]
    public async Task A_busy_backend_that_outlived_its_postmaster_is_ended()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using var killed = await home.StartAsync();
        var orphan = await KeepBusyAsync(killed);
        Libc.Signal(killed.ProcessId, Libc.SigKill);
        await killed.Exited;
        ProcessTable.IsAlive(orphan).ShouldBeTrue();

        await using var server = await home.StartAsync();

        ProcessTable.IsAlive(orphan).ShouldBeFalse();
        // A helper process of the dead server may not be gone yet either; then it is named too.
        server.Notes.ShouldContain(n => n.StartsWith("ended ", StringComparison.Ordinal) && n.Contains($" {orphan}", StringComparison.Ordinal));
        (await ServerHome.AskAsync(server, "select sum(amount) from public.coin")).ShouldBe(42L);
    }

    [Fact]
    public async Task A_backend_that_does_not_obey_is_killed_as_the_last_resort()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using var killed = await home.StartAsync();
        var orphan = await KeepBusyAsync(killed);
        Libc.Signal(orphan, SigStop);
        Libc.Signal(killed.ProcessId, Libc.SigKill);
        await killed.Exited;

        await using var server = await EmbeddedPostgresServer.StartAsync(new EmbeddedPostgresOptions
        {
            Directory = home.Path,
            Durability = Durability.None,
            LeftoverPatience = TimeSpan.FromMilliseconds(100),
        });

        server.Notes.ShouldContain(n => n.StartsWith("killed those that did not obey") && n.Contains($" {orphan}"));
        (await ServerHome.AskAsync(server, "select sum(amount) from public.coin")).ShouldBe(42L);
    }

    [Fact]
    public async Task A_zombie_that_nobody_reaps_is_passed_over()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await home.LaunchByHandAsync("""
            "$@" >/dev/null 2>&1 & exec sleep 1000
            """);
        var zombie = await KillAsync(home);

        await using var server = await EmbeddedPostgresServer.StartAsync(new EmbeddedPostgresOptions
        {
            Directory = home.Path,
            Durability = Durability.None,
            ZombiePatience = TimeSpan.FromMilliseconds(100),
        });

        ProcessTable.IsZombie(zombie).ShouldBeTrue();
        server.Notes.ShouldContain(n => n.StartsWith($"passed over the dead server {zombie}"));
        (await ServerHome.AskAsync(server, "select sum(amount) from public.coin")).ShouldBe(42L);
    }

    [Fact]
    public async Task A_zombie_is_waited_for_until_its_parent_reaps_it()
    {
        await using var home = await ServerHome.WithClusterAsync();
        var parent = await home.LaunchByHandAsync("""
            "$@" >/dev/null 2>&1 & read line; wait; exec sleep 1000
            """);
        var zombie = await KillAsync(home);
        var clock = new WatchedClock();

        var start = EmbeddedPostgresServer.StartAsync(new EmbeddedPostgresOptions
        {
            Directory = home.Path,
            Durability = Durability.None,
            ZombiePatience = TimeSpan.FromMinutes(1),
            TimeProvider = clock,
        });
        await clock.SomebodyWaits;
        await parent.SayAsync("reap");

        await using var server = await start;
        server.Notes.ShouldBe([$"waited until the dead server {zombie} was reaped by its parent"]);
    }

    [Fact]
    public async Task A_pid_file_that_names_a_strangers_process_is_moved_aside_and_the_stranger_lives()
    {
        await using var home = await ServerHome.WithClusterAsync();
        var stranger = await home.LaunchStrangerAsync();
        var pidFile = Path.Combine(home.Data, "postmaster.pid");
        File.WriteAllText(pidFile, $"{stranger.ProcessId}\n{home.Data}\n1700000000\n5432\n{home.Path}/run\n127.0.0.1\n");
        await stranger.BecomesAsync("sleep");

        await using var server = await home.StartAsync();

        ProcessTable.IsAlive(stranger.ProcessId).ShouldBeTrue();
        File.ReadAllText(pidFile + ".stale").ShouldStartWith($"{stranger.ProcessId}\n");
        server.Notes.ShouldBe([$"moved a postmaster.pid aside that names process {stranger.ProcessId}, which is no server of this folder"]);
        (await EmbeddedPostgresServer.StatusAsync(home.Path)).ProcessId.ShouldBe(server.ProcessId);
    }

    [Fact]
    public async Task An_empty_pid_file_is_moved_aside()
    {
        await using var home = await ServerHome.WithClusterAsync();
        File.WriteAllText(Path.Combine(home.Data, "postmaster.pid"), "");

        await using var server = await home.StartAsync();

        server.Notes.ShouldBe(["moved an empty postmaster.pid aside"]);
    }

    [Fact]
    public async Task A_shell_standing_in_the_data_folder_is_left_in_peace()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using var shell = new ByHand(await home.AccountAsync(), ["sh", "-c", $"cd {home.Data} && exec sleep 1000"]);
        await shell.BecomesAsync("sleep");

        await using var server = await home.StartAsync();

        ProcessTable.IsAlive(shell.ProcessId).ShouldBeTrue();
        server.Notes.ShouldBeEmpty();
    }

    private static async Task<int> KillAsync(ServerHome home)
    {
        var id = PostmasterPid.Read(Path.Combine(home.Data, "postmaster.pid"))!.ProcessId!.Value;
        Libc.Signal(id, Libc.SigKill);
        await Soon.TrueAsync(() => ProcessTable.IsZombie(id), "the killed server is a zombie of its parent");
        return id;
    }

    /// <summary>A backend in a loop that looks for interrupts but never for its postmaster.</summary>
    private static async Task<int> KeepBusyAsync(EmbeddedPostgresServer server)
    {
        var connection = new NpgsqlConnection(server.ConnectionString("postgres") + ";Pooling=false;Application Name=busy");
        await connection.OpenAsync();
        var id = connection.ProcessID;
        _ = LoopAsync();
        await using var observer = new NpgsqlConnection(server.ConnectionString("postgres") + ";Pooling=false");
        await observer.OpenAsync();
        await using var busy = new NpgsqlCommand(
            "select count(*) from pg_stat_activity where application_name = 'busy' and query like 'do%'", observer);
        while ((long)(await busy.ExecuteScalarAsync())! == 0)
        {
        }

        return id;

        async Task LoopAsync()
        {
            await using (connection)
            {
                await using var loop = new NpgsqlCommand("do $$ begin loop end loop; end $$", connection) { CommandTimeout = 0 };
                await Should.ThrowAsync<NpgsqlException>(loop.ExecuteNonQueryAsync);
            }
        }
    }
}
