using Gamekeeper.EmbeddedPostgres;
using Gamekeeper.Tests.Harness;
using Npgsql;

namespace Gamekeeper.Tests.EmbeddedPostgres;

public sealed class StartingTests
{
    [Fact]
    public async Task A_new_cluster_has_checksums_utf8_and_a_password_only_its_owner_can_read()
    {
        await using var home = ServerHome.Empty();
        await using var server = await EmbeddedPostgresServer.StartAsync(new EmbeddedPostgresOptions { Directory = home.Path });

        (await ServerHome.AskAsync(server, "show data_checksums")).ShouldBe("on");
        (await ServerHome.AskAsync(server, "show server_encoding")).ShouldBe("UTF8");
        (await ServerHome.AskAsync(server, "select datcollate from pg_database where datname = 'postgres'")).ShouldBe("C.UTF-8");
        (await ServerHome.AskAsync(server, "select current_user::text")).ShouldBe("gamekeeper_admin");
        (await ServerHome.AskAsync(server, "select current_setting('fsync') || current_setting('full_page_writes')")).ShouldBe("onon");
        server.Durability.ShouldBe(Durability.Full);
        server.Notes.ShouldBeEmpty();
        File.GetUnixFileMode(Path.Combine(home.Path, "password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(server.SocketDirectory).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        server.Password.Length.ShouldBe(48);
    }

    [Fact]
    public async Task A_server_has_the_version_it_says_and_counts_statements()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using var server = await home.StartAsync();

        ((string)(await ServerHome.AskAsync(server, "show server_version"))!).ShouldStartWith(server.Version.ToString());
        await ServerHome.AskAsync(server, "create extension pg_stat_statements");
        (await ServerHome.AskAsync(server, "select count(*) > 0 from pg_stat_statements")).ShouldBe(true);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_on_the_socket_and_on_loopback()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using var server = await home.StartAsync();

        foreach (var good in new[] { server.ConnectionString("postgres"), server.LoopbackConnectionString("postgres") })
        {
            await using (var connection = new NpgsqlConnection(good + ";Pooling=false"))
                await connection.OpenAsync();
            await using var wrong = new NpgsqlConnection(good.Replace(server.Password, "wrong") + ";Pooling=false");
            (await Should.ThrowAsync<PostgresException>(wrong.OpenAsync)).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
        }
    }

    [Fact]
    public async Task What_was_written_is_there_after_stop_and_start()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using (var first = await home.StartAsync())
            await ServerHome.AskAsync(first, "insert into public.coin values (1)");

        await using var second = await home.StartAsync();
        (await ServerHome.AskAsync(second, "select sum(amount) from public.coin")).ShouldBe(43L);
    }

    [Fact]
    public async Task A_restart_keeps_the_data_and_the_connection_string()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using var server = await home.StartAsync();
        var (before, process) = (server.ConnectionString("postgres"), server.ProcessId);

        await server.RestartAsync();

        server.ConnectionString("postgres").ShouldBe(before);
        server.ProcessId.ShouldNotBe(process);
        (await ServerHome.AskAsync(server, "select sum(amount) from public.coin")).ShouldBe(42L);
    }

    [Fact]
    public async Task Starting_twice_in_one_process_is_an_error_and_harms_nothing()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using var server = await home.StartAsync();

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(home.StartAsync);

        error.Code.ShouldBe(EmbeddedPostgresErrors.StartedTwice);
        error.Message.ShouldContain(server.ProcessId.ToString());
        (await ServerHome.AskAsync(server, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Many_servers_start_at_once_and_share_no_port()
    {
        var homes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ServerHome.WithClusterAsync()));
        var servers = await Task.WhenAll(homes.Select(h => h.StartAsync()));

        servers.Select(s => s.Port).Distinct().Count().ShouldBe(4);
        foreach (var server in servers)
            (await ServerHome.AskAsync(server, "select 1")).ShouldBe(1);

        foreach (var server in servers)
            await server.DisposeAsync();
        foreach (var home in homes)
            await home.DisposeAsync();
    }

    [Fact]
    public async Task A_port_taken_between_choice_and_start_is_replaced_by_another()
    {
        await using var holder = await ServerHome.WithClusterAsync();
        await using var held = await holder.StartAsync();
        await using var home = await ServerHome.WithClusterAsync();
        var choices = new Queue<int>([held.Port, FreePort.Choose()]);

        await using var server = await EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { Directory = home.Path, Durability = Durability.None, ChoosePort = choices.Dequeue });

        choices.ShouldBeEmpty();
        (await ServerHome.AskAsync(server, "select inet_server_port() is null")).ShouldBe(true);
    }

    [Fact]
    public async Task A_port_asked_for_and_taken_is_an_error_that_names_it()
    {
        await using var holder = await ServerHome.WithClusterAsync();
        await using var held = await holder.StartAsync();
        await using var home = await ServerHome.WithClusterAsync();

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { Directory = home.Path, Durability = Durability.None, Port = held.Port }));

        error.Code.ShouldBe(EmbeddedPostgresErrors.StartFailed);
        error.Message.ShouldContain($"Port {held.Port} is taken");
    }

    [Fact]
    public async Task A_socket_only_server_listens_on_no_port()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using var server = await EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { Directory = home.Path, Durability = Durability.None, SocketOnly = true });

        (await ServerHome.AskAsync(server, "show listen_addresses")).ShouldBe("");
        Should.Throw<InvalidOperationException>(() => server.LoopbackConnectionString("postgres"));
    }

    [Fact]
    public async Task A_setting_reaches_the_server_quotes_and_all()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using var server = await EmbeddedPostgresServer.StartAsync(new EmbeddedPostgresOptions
        {
            Directory = home.Path,
            Durability = Durability.None,
            Settings = new Dictionary<string, string> { ["work_mem"] = "9MB", ["cluster_name"] = @"it's a\b" },
        });

        (await ServerHome.AskAsync(server, "show work_mem")).ShouldBe("9MB");
        (await ServerHome.AskAsync(server, "show cluster_name")).ShouldBe(@"it's a\b");
    }

    [Fact]
    public async Task A_broken_setting_shows_the_servers_own_log()
    {
        await using var home = await ServerHome.WithClusterAsync();

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { Directory = home.Path, Settings = new Dictionary<string, string> { ["work_mem"] = "lots" } }));

        error.Code.ShouldBe(EmbeddedPostgresErrors.StartFailed);
        error.Message.ShouldContain("invalid value for parameter \"work_mem\": \"lots\"");
        await using var mended = await home.StartAsync();
        (await ServerHome.AskAsync(mended, "select sum(amount) from public.coin")).ShouldBe(42L);
    }

    [Theory]
    [InlineData("port", "1")]
    [InlineData("FSYNC", "off")]
    [InlineData("work_mem = 1\nfsync", "off")]
    [InlineData("work_mem", "1MB'\nfsync = 'off")]
    public async Task A_setting_that_is_not_the_callers_to_make_is_refused_before_anything_is_touched(string name, string value)
    {
        await using var home = ServerHome.Empty();

        await Should.ThrowAsync<ArgumentException>(EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { Directory = home.Path, Settings = new Dictionary<string, string> { [name] = value } }));

        Directory.Exists(home.Path).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    public async Task A_port_out_of_range_is_refused(int port) =>
        await Should.ThrowAsync<ArgumentException>(EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { Directory = "/nowhere", Port = port }));

    [Fact]
    public async Task A_server_without_durability_says_so_whoever_switched_it_off()
    {
        await using var home = await ServerHome.WithClusterAsync();
        await using (var test = await home.StartAsync())
            test.Durability.ShouldBe(Durability.None);

        var durable = new EmbeddedPostgresOptions { Directory = home.Path };
        await using (var server = await EmbeddedPostgresServer.StartAsync(durable))
        {
            server.Durability.ShouldBe(Durability.Full);
            await ServerHome.AskAsync(server, "alter system set fsync = off");
        }

        await using var altered = await EmbeddedPostgresServer.StartAsync(durable);
        (await ServerHome.AskAsync(altered, "show fsync")).ShouldBe("off");
        altered.Durability.ShouldBe(Durability.None);
    }

    [Fact]
    public async Task A_log_past_16_megabytes_is_rotated_at_the_next_start()
    {
        await using var home = await ServerHome.WithClusterAsync();
        var log = Path.Combine(home.Path, "log", "postgresql.log");
        await using (var stream = File.OpenWrite(log))
            stream.SetLength(17 * 1024 * 1024);

        await using var server = await home.StartAsync();

        new FileInfo(log).Length.ShouldBeLessThan(1024 * 1024);
        new FileInfo(log + ".1").Length.ShouldBe(17 * 1024 * 1024);
    }

    [Fact]
    public async Task A_cancelled_start_leaves_no_server_behind()
    {
        await using var home = await ServerHome.WithClusterAsync();
        var clock = new WatchedClock();
        using var cancel = new CancellationTokenSource();
        var start = EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { Directory = home.Path, Durability = Durability.None, TimeProvider = clock }, cancel.Token);

        await clock.SomebodyWaits;
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(start);
        (await ProcessTable.InFolderAsync(await home.AccountAsync(), home.Data, CancellationToken.None)).ShouldBeEmpty();
        await using var server = await home.StartAsync();
    }

    [Fact]
    public async Task A_cancelled_start_ends_also_a_server_that_does_not_listen_yet()
    {
        await using var home = await ServerHome.WithClusterAsync();
        var real = await PostgresInstallation.FindAsync();
        var bin = Directory.CreateDirectory(home.Path + "-bin").FullName;
        await using var removal = new Removal(bin);
        var isUp = Path.Combine(home.Data, "wrapper-is-up");
        // As under "&" in a script: the signal means nothing until the server has given it a meaning of its own.
        await File.WriteAllTextAsync(Path.Combine(bin, "postgres"), $"#!/bin/sh\nif [ \"$1\" = -D ]; then trap '' QUIT; : > {isUp}; sleep 0.3; fi\nexec {real.Postgres} \"$@\"\n");
        File.CreateSymbolicLink(Path.Combine(bin, "initdb"), real.InitDb);
        File.SetUnixFileMode(Path.Combine(bin, "postgres"), (UnixFileMode)0b111_101_101);
        using var cancel = new CancellationTokenSource();
        var start = EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { Directory = home.Path, BinDirectory = bin, Durability = Durability.None }, cancel.Token);
        await Soon.TrueAsync(() => File.Exists(isUp), "the signal is ignored");

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(start.WaitAsync(TimeSpan.FromSeconds(20)));
        (await ProcessTable.InFolderAsync(await home.AccountAsync(), home.Data, CancellationToken.None)).ShouldBeEmpty();
    }
}
