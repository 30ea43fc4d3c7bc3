using System.Net;
using System.Net.Http.Json;
using Gamekeeper.Accounts;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.Server;

namespace Gamekeeper.Tests.Cli;

/// <summary>How someone without a password gets in: support makes a code at the command line, the player sends it over the wire.</summary>
public sealed class PasswordCodeTests
{
    private const string NewPassword = "another horse 8";

    [Fact]
    public async Task A_code_sets_the_password_once_and_signs_everyone_else_out()
    {
        await using var world = await ServerWorld.CreateAsync();
        var player = await world.PlayerAsync();

        var made = await RunAsync(world.Database, player.Username.ToUpperInvariant(), "--format", "json");
        made.ExitCode.ShouldBe(0, made.ToString());
        var code = made.Json.GetProperty("code").GetString()!;
        made.Errors.ShouldNotContain(code);
        var plain = await RunAsync(world.Database, player.Username);
        plain.Output.Trim().Length.ShouldBe(code.Length, plain.ToString());

        using var weak = await ResetAsync(world, code, "short");
        weak.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var unknown = await ResetAsync(world, new string('x', 43), NewPassword);
        await unknown.ProblemAsync((int)unknown.StatusCode, AccountErrors.CodeRefused);
        using var reset = await ResetAsync(world, code, NewPassword);
        reset.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await reset.JsonAsync()).GetProperty("revokedSessions").GetInt32().ShouldBe(1);

        using var me = await player.Client.GetAsync("/v1/accounts/me");
        await me.ProblemAsync(401, "authentication.refused");
        (await SignInAsync(world, player.Username, ServerWorld.Password)).ShouldBe(HttpStatusCode.Unauthorized);
        (await SignInAsync(world, player.Username, NewPassword)).ShouldBe(HttpStatusCode.OK);
        // The code is spent, and with it the other one that was still open.
        foreach (var spent in new[] { code, plain.Output.Trim() })
        {
            using var again = await ResetAsync(world, spent, "a third horse 9");
            await again.ProblemAsync((int)unknown.StatusCode, AccountErrors.CodeRefused);
        }
        (await SignInAsync(world, player.Username, NewPassword)).ShouldBe(HttpStatusCode.OK);
        foreach (var table in new[] { "core.activity_log", "core.audit_log" })
            (await world.Database.ScalarAsync<long>(TestRole.Superuser, $"select count(*) from {table} t where t::text like '%{code}%' or t::text like '%{NewPassword}%'")).ShouldBe(0, table);
    }

    [Fact]
    public async Task Nobody_gets_no_code()
    {
        await using var database = await TestDatabase.CreateAsync();

        var refused = await RunAsync(database, "nobody");

        refused.ExitCode.ShouldBe(4, refused.ToString());
        refused.Errors.ShouldContain(AccountErrors.NotFound);
    }

    private static Task<HttpResponseMessage> ResetAsync(ServerWorld world, string code, string newPassword) =>
        world.Anonymous.PostAsJsonAsync("/v1/accounts/password", new { code, newPassword });

    private static async Task<HttpStatusCode> SignInAsync(ServerWorld world, string login, string password)
    {
        using var answer = await world.Anonymous.PostAsJsonAsync("/v1/sessions", new { login, password });
        return answer.StatusCode;
    }

    private static Task<CliResult> RunAsync(TestDatabase database, params string[] arguments) =>
        CliProcess.RunAsync(
            "/nowhere",
            new Dictionary<string, string?>
            {
                ["ConnectionStrings__Postgres"] = database.ConnectionString(TestRole.App),
                ["ConnectionStrings__PostgresOwner"] = database.ConnectionString(TestRole.Owner),
                ["Gamekeeper__MasterKey"] = TestDatabase.MasterKeyText,
            },
            ["account", "password-code", .. arguments]
        );
}
