using Gamekeeper.EmbeddedPostgres;

namespace Gamekeeper.Tests.EmbeddedPostgres;

public sealed class FolderTests
{
    [Fact]
    public async Task Under_a_long_path_the_socket_lies_in_a_short_folder_that_goes_with_the_server()
    {
        await using var home = await ServerHome.WithClusterAsync("/" + new string('a', 60) + "/" + new string('b', 60));
        string socket;
        await using (var server = await home.StartAsync())
        {
            socket = server.SocketDirectory;
            (socket.Length + "/.s.PGSQL.65535".Length).ShouldBeLessThan(108);
            File.GetUnixFileMode(socket).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            (await ServerHome.AskAsync(server, "select sum(amount) from public.coin")).ShouldBe(42L);
            await server.RestartAsync();
            (await ServerHome.AskAsync(server, "select sum(amount) from public.coin")).ShouldBe(42L);
            Libc.Signal(server.ProcessId, Libc.SigKill);
            await server.Exited;
        }

        Directory.Exists(socket).ShouldBeFalse();
        await using var again = await home.StartAsync();
        (await ServerHome.AskAsync(again, "select sum(amount) from public.coin")).ShouldBe(42L);
    }

    [Fact]
    public async Task A_folder_behind_a_link_is_the_same_folder()
    {
        await using var home = await ServerHome.WithClusterAsync();
        var link = home.Path + "-link";
        Directory.CreateSymbolicLink(link, home.Path);
        try
        {
            await using var server = await EmbeddedPostgresServer.StartAsync(
                new EmbeddedPostgresOptions { Directory = link, Durability = Durability.None });

            server.DataDirectory.ShouldBe(home.Data);
            (await EmbeddedPostgresServer.StatusAsync(home.Path)).ProcessId.ShouldBe(server.ProcessId);
        }
        finally
        {
            Directory.Delete(link);
        }
    }

    [Fact]
    public async Task A_folder_root_alone_may_enter_is_exchanged_for_one_outside_that_is_found_again()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root drops to a user who may be locked out.");
        var closed = Directory.CreateTempSubdirectory("gkt-closed-").FullName;
        await using var home = new Removal(closed);
        var options = new EmbeddedPostgresOptions { Directory = Path.Combine(closed, "here"), Durability = Durability.None };
        string data;
        await using (var first = await EmbeddedPostgresServer.StartAsync(options))
        {
            data = first.DataDirectory;
            home.Also(Path.GetDirectoryName(data)!);
            first.RelocatedFrom.ShouldBe(options.Directory);
            data.ShouldStartWith("/var/lib/gamekeeper-postgres/");
            first.Notes.ShouldContain($"the user {(await OwnerAsync(data))} cannot enter {options.Directory}: the data lie in {data}");
            await ServerHome.AskAsync(first, "create table public.coin (amount int)");
            (await EmbeddedPostgresServer.StatusAsync(options.Directory)).ShouldSatisfyAllConditions(
                s => s.ProcessId.ShouldBe(first.ProcessId), s => s.RelocatedFrom.ShouldBe(options.Directory));
        }

        // Opened later, the folder is still not where the data are.
        File.SetUnixFileMode(closed, (UnixFileMode)0b111_101_101);
        await using var second = await EmbeddedPostgresServer.StartAsync(options);
        second.DataDirectory.ShouldBe(data);
        (await ServerHome.AskAsync(second, "select count(*) from public.coin")).ShouldBe(0L);
    }

    [Fact]
    public async Task Data_in_a_folder_that_was_closed_are_not_replaced_by_an_empty_cluster()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root drops to a user who may be locked out.");
        await using var home = await ServerHome.WithClusterAsync();
        File.SetUnixFileMode(home.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(home.StartAsync);

        error.Code.ShouldBe(EmbeddedPostgresErrors.FolderUnusable);
        error.Message.ShouldContain(home.Path);
    }

    [Fact]
    public async Task Data_of_another_user_are_refused_and_not_taken_for_none()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can be two users.");
        var nobody = new ServerAccount("nobody", 65534, 65534);
        Assert.SkipUnless(
            await nobody.CanEnterAsync(AppContext.BaseDirectory, CancellationToken.None), "Nobody may not run these tests where they lie.");
        await using var home = await ServerHome.WithClusterAsync();

        (await ChildProcess.RefusalOfAsync(nobody, home.Path)).ShouldBe(EmbeddedPostgresErrors.FolderUnusable);
    }

    [Fact]
    public async Task Data_of_another_major_version_are_refused_and_left_alone()
    {
        await using var home = await ServerHome.WithClusterAsync();
        File.WriteAllText(Path.Combine(home.Data, "PG_VERSION"), "14\n");

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(home.StartAsync);

        error.Code.ShouldBe(EmbeddedPostgresErrors.VersionMismatch);
        error.Message.ShouldContain("written by PostgreSQL 14; found is 15.");
        File.WriteAllText(Path.Combine(home.Data, "PG_VERSION"), "15\n");
        await using var server = await home.StartAsync();
        (await ServerHome.AskAsync(server, "select sum(amount) from public.coin")).ShouldBe(42L);
    }

    [Fact]
    public async Task An_interrupted_initdb_is_done_again()
    {
        await using var home = ServerHome.Empty();
        var unfinished = Directory.CreateDirectory(Path.Combine(home.Path, "data.unfinished-0")).FullName;
        Directory.CreateDirectory(home.Data);
        foreach (var folder in new[] { unfinished, home.Data })
            File.WriteAllText(Path.Combine(folder, "PG_VERSION"), "15\n");

        await using var server = await home.StartAsync();

        (await ServerHome.AskAsync(server, "select 1")).ShouldBe(1);
        Directory.Exists(unfinished).ShouldBeFalse();
        File.Exists(Path.Combine(home.Data + ".incomplete-1", "PG_VERSION")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_failing_initdb_shows_what_it_said_and_leaves_no_data_folder()
    {
        await using var home = ServerHome.Empty();
        var real = await PostgresInstallation.FindAsync();
        var bin = Directory.CreateDirectory(home.Path + "-bin").FullName;
        await using var removal = new Removal(bin);
        File.WriteAllText(Path.Combine(bin, "postgres"), $"#!/bin/sh\nexec {real.Postgres} \"$@\"\n");
        File.WriteAllText(Path.Combine(bin, "initdb"), "#!/bin/sh\necho 'could not write: No space left on device' >&2\nexit 1\n");
        foreach (var program in new[] { "postgres", "initdb" })
            File.SetUnixFileMode(Path.Combine(bin, program), (UnixFileMode)0b111_101_101);

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { Directory = home.Path, BinDirectory = bin }));

        error.Code.ShouldBe(EmbeddedPostgresErrors.InitFailed);
        error.Message.ShouldContain("No space left on device");
        Directory.EnumerateDirectories(home.Path, "data*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cluster_that_lost_its_control_file_is_not_replaced_by_an_empty_one()
    {
        await using var home = await ServerHome.WithClusterAsync();
        File.Delete(Path.Combine(home.Data, "global", "pg_control"));

        (await Should.ThrowAsync<EmbeddedPostgresException>(home.StartAsync)).Code.ShouldBe(EmbeddedPostgresErrors.DataDamaged);

        File.Exists(Path.Combine(home.Data, "PG_VERSION")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_cluster_without_its_password_file_is_an_error_that_names_the_file()
    {
        await using var home = await ServerHome.WithClusterAsync();
        File.Delete(Path.Combine(home.Path, "password"));

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(home.StartAsync);

        error.Code.ShouldBe(EmbeddedPostgresErrors.PasswordMissing);
        error.Message.ShouldContain(Path.Combine(home.Path, "password"));
    }

    [Fact]
    public async Task Another_superuser_name_than_the_clusters_is_refused()
    {
        await using var home = await ServerHome.WithClusterAsync();

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { Directory = home.Path, SuperuserName = "chief" }));

        error.Code.ShouldBe(EmbeddedPostgresErrors.SuperuserMismatch);
    }

    private static async Task<string> OwnerAsync(string path) =>
        (await Tool.RunAsync(["stat", "-c", "%U", path], null, CancellationToken.None)).Output.Trim();
}
