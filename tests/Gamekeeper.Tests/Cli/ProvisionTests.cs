using Gamekeeper.EmbeddedPostgres;

namespace Gamekeeper.Tests.Cli;

/// <summary>From an empty PostgreSQL of someone's own to one that migrates and verifies, with nothing but what the verb wrote.</summary>
public sealed class ProvisionTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gkp-");
    private EmbeddedPostgresServer _server = null!;

    private string SecretsFolder => Path.Combine(_folder.FullName, "secrets");

    public async ValueTask InitializeAsync()
    {
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_101_101);
        _server = await EmbeddedPostgresServer.StartAsync(new EmbeddedPostgresOptions { Directory = Path.Combine(_folder.FullName, "d") });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_it_writes_is_all_that_a_migration_and_a_check_need()
    {
        var provisioned = await ProvisionAsync();
        var again = await ProvisionAsync();

        provisioned.ExitCode.ShouldBe(0, provisioned.ToString());
        again.ExitCode.ShouldBe(0, again.ToString());
        foreach (var file in Directory.GetFiles(SecretsFolder))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        foreach (var file in Directory.GetFiles(SecretsFolder, "*.password").Append(Path.Combine(SecretsFolder, "master.key")))
            provisioned.ToString().ShouldNotContain((await File.ReadAllTextAsync(file)).Trim());

        var server = await EnvironmentOfAsync("server.env");
        var owner = await EnvironmentOfAsync("owner.env");
        server.Values.ShouldNotContain(v => v!.Contains("gamekeeper_owner", StringComparison.Ordinal), "the server never owns the schema");
        var migrated = await CliProcess.RunAsync("/nowhere", new Dictionary<string, string?>([.. server, .. owner]), "migrate", "up");
        var verified = await CliProcess.RunAsync("/nowhere", server, "verify");
        migrated.ExitCode.ShouldBe(0, migrated.ToString());
        verified.ExitCode.ShouldBe(0, verified.ToString());
    }

    [Fact]
    public async Task A_folder_that_others_can_enter_is_refused_and_nothing_is_made()
    {
        Directory.CreateDirectory(SecretsFolder, (UnixFileMode)0b111_101_101);

        var result = await ProvisionAsync();

        result.ExitCode.ShouldBe(2, result.ToString());
        Directory.GetFiles(SecretsFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_superuser_it_says_how_to_name_one()
    {
        var result = await CliProcess.RunAsync("/nowhere", "provision", "--secrets", SecretsFolder);

        result.ExitCode.ShouldBe(2, result.ToString());
        result.Errors.ShouldContain("--connection @FILE");
        Directory.Exists(SecretsFolder).ShouldBeFalse();
    }

    private Task<CliResult> ProvisionAsync() =>
        CliProcess.RunAsync(
            "/nowhere",
            new Dictionary<string, string?> { ["ConnectionStrings__PostgresSuperuser"] = _server.ConnectionString("postgres") },
            "provision", "--secrets", SecretsFolder);

    private async Task<Dictionary<string, string?>> EnvironmentOfAsync(string file) =>
        (await File.ReadAllLinesAsync(Path.Combine(SecretsFolder, file)))
            .Select(line => line.Split('=', 2))
            .ToDictionary(parts => parts[0], string? (parts) => parts[1].Trim('\''));
}
