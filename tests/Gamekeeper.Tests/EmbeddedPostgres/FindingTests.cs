using Gamekeeper.EmbeddedPostgres;

namespace Gamekeeper.Tests.EmbeddedPostgres;

public sealed class FindingTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gkt-find-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task An_older_version_is_refused_by_its_version()
    {
        var old = Install("old", "14.9");
        await using var home = ServerHome.Empty();

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { Directory = home.Path, BinDirectory = old }));

        error.Code.ShouldBe(EmbeddedPostgresErrors.TooOld);
        error.Message.ShouldContain($"{old}: version 14.9, needed 15 or newer");
    }

    [Fact]
    public async Task Nothing_found_lists_every_place_looked_at()
    {
        var search = Search(("PATH", $"{_root}/bin:{_root}/sbin"));

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(
            PostgresInstallation.FindAsync(search, null, CancellationToken.None));

        error.Code.ShouldBe(EmbeddedPostgresErrors.NotFound);
        foreach (var place in new[] { "bin", "sbin", "usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "usr/local/pgsql/bin" })
            error.Message.ShouldContain($"{_root}/{place}: no postgres and initdb");
    }

    [Fact]
    public async Task The_variable_wins_over_everything_and_is_the_only_place()
    {
        var named = Install("named", "15.1");
        Install("onpath", "17.0");
        (await Found(("GAMEKEEPER_POSTGRES_BIN", named), ("PATH", $"{_root}/onpath"))).BinDirectory.ShouldBe(named);

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(
            Found(("GAMEKEEPER_POSTGRES_BIN", $"{_root}/none"), ("PATH", $"{_root}/onpath")));
        error.Message.ShouldContain("GAMEKEEPER_POSTGRES_BIN names the only place");
    }

    [Fact]
    public async Task An_old_one_on_the_path_is_passed_over_for_the_newest_installed()
    {
        var old = Install("onpath", "13.2");
        Install("usr/lib/postgresql/9.6/bin", "9.6");
        Install("usr/lib/postgresql/16/bin", "16.3");
        var newest = Install("usr/lib/postgresql/17/bin", "17beta1");

        var found = await Found(("PATH", old));

        found.BinDirectory.ShouldBe(newest);
        found.Version.ShouldBe(new Version(17, 0));
    }

    [Fact]
    public async Task Links_on_the_path_lead_to_the_folder_that_has_the_libraries_beside_it()
    {
        var real = Install("opt/15/bin", "15.4");
        Directory.CreateDirectory(Path.Combine(_root, "links"));
        foreach (var program in new[] { "postgres", "initdb" })
            File.CreateSymbolicLink(Path.Combine(_root, "links", program), Path.Combine(real, program));

        (await Found(("PATH", $"{_root}/links"))).BinDirectory.ShouldBe(real);
    }

    [Fact]
    public async Task Existing_data_choose_the_version_that_wrote_them()
    {
        Install("usr/lib/postgresql/17/bin", "17.1");
        var fitting = Install("usr/lib/postgresql/15/bin", "15.4");

        (await PostgresInstallation.FindAsync(Search(), preferredMajor: 15, CancellationToken.None)).BinDirectory.ShouldBe(fitting);
    }

    [Fact]
    public async Task A_program_that_is_no_postgres_is_shown_with_what_it_said()
    {
        var bin = Install("odd", "15.0");
        File.WriteAllText(Path.Combine(bin, "postgres"), "#!/bin/sh\necho 'libpq.so.5: cannot open shared object file' >&2\nexit 127\n");

        var error = await Should.ThrowAsync<EmbeddedPostgresException>(Found(("PATH", bin)));

        error.Code.ShouldBe(EmbeddedPostgresErrors.NotFound);
        error.Message.ShouldContain("ended with 127 and said 'libpq.so.5: cannot open shared object file'");
    }

    [Fact]
    public async Task The_library_folder_stands_first_in_the_childs_search_path()
    {
        var bin = Install("private", "15.0");
        File.WriteAllText(Path.Combine(bin, "postgres"),
            "#!/bin/sh\ncase $LD_LIBRARY_PATH in /private/lib*) echo 'postgres (PostgreSQL) 15.5';; esac\n");

        var found = await Found(("GAMEKEEPER_POSTGRES_BIN", bin), ("GAMEKEEPER_POSTGRES_LIB", "/private/lib"));

        found.LibDirectory.ShouldBe("/private/lib");
        found.Version.ShouldBe(new Version(15, 5));
    }

    private Task<PostgresInstallation> Found(params (string Name, string Value)[] environment) =>
        PostgresInstallation.FindAsync(Search(environment), null, CancellationToken.None);

    private PostgresSearch Search(params (string Name, string Value)[] environment) =>
        PostgresSearch.From(null, null, name => environment.FirstOrDefault(e => e.Name == name).Value, _root);

    private string Install(string folder, string version)
    {
        var bin = Directory.CreateDirectory(Path.Combine(_root, folder)).FullName;
        foreach (var program in new[] { "postgres", "initdb" })
        {
            var file = Path.Combine(bin, program);
            File.WriteAllText(file, $"#!/bin/sh\necho '{program} (PostgreSQL) {version}'\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return bin;
    }
}
