namespace Gamekeeper.Tests.Cli;

public class CommandLineTests
{
    [Theory]
    [InlineData("frobnicate")]
    [InlineData("status", "--frobnicate")]
    [InlineData("status", "--format", "xml")]
    [InlineData("up", "--port", "0")]
    [InlineData("up", "--port", "65536")]
    [InlineData("verify", "--limit", "0")]
    [InlineData("card", "history", "not-an-id")]
    [InlineData("cards", "import")]
    [InlineData("migrate", "down", "summoners_grid", "--steps", "0")]
    public async Task A_command_line_that_makes_no_sense_ends_with_2(params string[] arguments)
    {
        var result = await CliProcess.RunAsync("/nowhere", arguments);

        result.ExitCode.ShouldBe(2, result.ToString());
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("up", "--help")]
    [InlineData("--version")]
    public async Task Asking_for_help_is_no_mistake(params string[] arguments) =>
        (await CliProcess.RunAsync("/nowhere", arguments)).ExitCode.ShouldBe(0);

    [Theory]
    [InlineData("verify")]
    [InlineData("seed")]
    [InlineData("migrate", "status")]
    [InlineData("keys", "list")]
    [InlineData("db", "slow")]
    public async Task Without_any_database_a_verb_says_how_to_get_one_and_ends_with_3(params string[] arguments)
    {
        await using var home = CliHome.New();

        var result = await home.RunAsync(arguments);

        result.ExitCode.ShouldBe(3, result.ToString());
        result.Errors.ShouldContain("./gamekeeper up");
        Directory.Exists(home.Path).ShouldBeFalse("nothing was to be made");
    }

    [Fact]
    public async Task A_database_that_does_not_answer_ends_with_3()
    {
        var result = await CliProcess.RunAsync("/nowhere", "verify", "--connection", "Host=127.0.0.1;Port=1;Username=u;Password=hunter2;Database=d");

        result.ExitCode.ShouldNotBe(0);
        result.ToString().ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("")]
    [InlineData("@/nowhere/connection")]
    [InlineData("postgres://app:hunter2@db/x")]
    public async Task What_is_no_connection_string_ends_with_2_and_is_not_repeated(string connection)
    {
        var result = await CliProcess.RunAsync("/nowhere", "verify", "--connection", connection.Length == 0 ? "@/dev/null" : connection);

        result.ExitCode.ShouldBe(2, result.ToString());
        result.ToString().ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("up", "ConnectionStrings__Postgres")]
    [InlineData("up", "ConnectionStrings__PostgresOwner")]
    [InlineData("demo", "ConnectionStrings__Postgres")]
    public async Task What_runs_a_private_database_refuses_to_pass_a_named_one_over(string verb, string variable)
    {
        await using var home = CliHome.New();

        var result = await CliProcess.RunAsync(home.Path, new Dictionary<string, string?> { [variable] = "Host=db" }, verb);

        result.ExitCode.ShouldBe(2, result.ToString());
        Directory.Exists(home.Path).ShouldBeFalse("nothing was to be made");
    }

    [Fact]
    public async Task Status_of_nothing_is_an_answer_and_no_failure()
    {
        await using var home = CliHome.New();

        var result = await home.RunAsync("status", "--format", "json");

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Json.GetProperty("running").GetBoolean().ShouldBeFalse();
        result.Json.GetProperty("server").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        result.Json.GetProperty("postgres").GetProperty("running").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Down_where_nothing_runs_says_so()
    {
        await using var home = CliHome.New();

        var result = await home.RunAsync("down");

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.Trim().ShouldBe("Nothing was running.");
    }
}
