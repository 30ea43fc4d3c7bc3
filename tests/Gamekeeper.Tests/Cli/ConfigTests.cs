using System.Collections;
using Gamekeeper.Cli.Configuration;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Home;

namespace Gamekeeper.Tests.Cli;

public class ConfigTests
{
    [Fact]
    public async Task No_secret_is_printed_in_either_form()
    {
        await using var home = CliHome.New();
        var environment = new Dictionary<string, string?>
        {
            ["ConnectionStrings__Postgres"] = "Host=db;Username=app;Password=hunter2;SSL Password=hunter3",
            ["ConnectionStrings__PostgresOwner"] = "postgres://app:hunter4@db/x",
            ["Gamekeeper__MasterKey"] = "hunter5",
            ["Gamekeeper__PreviousMasterKeys__0"] = "hunter6",
            ["Gamekeeper__Database__ReplicaConnectionString"] = "Host=replica;Password=hunter7",
        };
        foreach (var format in new[] { "text", "json" })
        {
            var result = await CliProcess.RunAsync(home.Path, environment, "config", "--format", format);

            result.ExitCode.ShouldBe(0, result.ToString());
            result.ToString().ShouldNotContain("hunter");
            result.Output.ShouldContain("Host=db");
            result.Output.ShouldContain("Gamekeeper__MasterKey");
        }
    }

    [Fact]
    public async Task Each_setting_names_where_its_value_comes_from()
    {
        await using var home = CliHome.New();

        var result = await CliProcess.RunAsync(
            home.Path, new Dictionary<string, string?> { ["Gamekeeper__Database__MaxConnections"] = "7", ["Gamekeeper__Misspelt"] = "x" }, "config", "--format", "json");

        var settings = result.Json.EnumerateArray().ToDictionary(s => s.GetProperty("name").GetString()!);
        settings["Gamekeeper__Database__MaxConnections"].GetProperty("value").GetString().ShouldBe("7");
        settings["Gamekeeper__Database__MaxConnections"].GetProperty("source").GetString().ShouldBe("environment Gamekeeper__Database__MaxConnections");
        settings["Gamekeeper__Database__MaxAttempts"].GetProperty("source").GetString().ShouldBe("default");
        settings.ShouldContainKey("Gamekeeper__Misspelt");
    }

    [Theory]
    [InlineData("Gamekeeper__MasterKey", "abc", "********")]
    [InlineData("Some__ApiToken", "abc", "********")]
    [InlineData("Gamekeeper__Database__MaxConnections", "20", "20")]
    [InlineData("ConnectionStrings__Postgres", "Host=a;Password=b", "Host=a;Password=********")]
    [InlineData("ConnectionStrings__Redis", "rediss://app:hunter2@cache/1", "cache:6379")]
    [InlineData("Gamekeeper__Redis__ConnectionString", "cache:7000,password=hunter2", "cache:7000")]
    [InlineData("ConnectionStrings__Redis", "hunter2@nowhere:x", "a Redis whose connection string cannot be used")]
    [InlineData("ConnectionStrings__Postgres", "b", "******** (cannot be read as a connection string)")]
    public void A_value_is_shown_as_far_as_its_name_allows(string name, string value, string shown) => Masking.Show(name, value).ShouldBe(shown);

    [Fact]
    public void A_named_connection_wins_over_the_environment_and_that_over_the_private_database()
    {
        string? Environment(string name) => name == "ConnectionStrings__Postgres" ? "Host=e" : null;

        DatabaseChoice.Of("Host=o", Environment).ShouldBeOfType<DatabaseChoice.Named>().ConnectionString.ShouldBe("Host=o");
        DatabaseChoice.Of(null, Environment).ShouldBeOfType<DatabaseChoice.FromEnvironment>().ConnectionString(DatabaseRole.App).ShouldBe("Host=e");
        DatabaseChoice.Of(null, _ => null).ShouldBeOfType<DatabaseChoice.Private>();
    }

    [Fact]
    public void The_application_s_connection_is_not_taken_for_the_owner_s()
    {
        var choice = new DatabaseChoice.FromEnvironment("Host=e", Owner: null);

        Should.Throw<GamekeeperException>(() => choice.ConnectionString(DatabaseRole.Owner)).Code.ShouldBe("configuration.invalid");
    }

    [Fact]
    public void The_owner_s_connection_alone_is_no_reason_to_work_on_the_private_database()
    {
        var refused = Should.Throw<GamekeeperException>(() => DatabaseChoice.Of(null, name => name == "ConnectionStrings__PostgresOwner" ? "Host=o" : null));

        refused.Code.ShouldBe("configuration.invalid");
        refused.Message.ShouldContain("Set both");
    }

    [Theory]
    [InlineData("Database__MaxConnections", "20")]
    [InlineData("Accounts__MaxSignInFailures", "10")]
    [InlineData("Migrations__MaxAttempts", "10")]
    [InlineData("Jobs__Poll", "00:00:05")]
    public async Task Every_section_of_options_is_listed_with_its_defaults(string name, string value)
    {
        await using var home = CliHome.New();

        var result = await home.RunAsync("config", "--format", "json");

        var setting = result.Json.EnumerateArray().Single(s => s.GetProperty("name").GetString() == $"Gamekeeper__{name}");
        setting.GetProperty("value").GetString().ShouldBe(value);
        setting.GetProperty("source").GetString().ShouldBe("default");
    }

    [Fact]
    public void A_secret_of_a_file_that_the_environment_overrides_is_not_in_effect()
    {
        var folder = Directory.CreateTempSubdirectory("gkc-");
        try
        {
            var home = new GamekeeperHome(folder.FullName);
            var secrets = new Secrets(home.SecretsFolder);
            secrets.MasterKey();
            secrets.RolePassword("gamekeeper_app");

            Shown(new Hashtable()).ShouldBe(["********", "********"]);
            Shown(new Hashtable { ["Gamekeeper__MasterKey"] = "x" }).ShouldBe(["********", "(not in effect)"]);
            Shown(new Hashtable { ["ConnectionStrings__PostgresOwner"] = "Host=o" }).ShouldBe(["(not in effect)", "(not in effect)"]);

            string?[] Shown(Hashtable environment) =>
                [.. new EffectiveConfiguration(home, environment).Settings().Where(s => s.Name.StartsWith("secret ", StringComparison.Ordinal)).Select(s => s.Value)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
