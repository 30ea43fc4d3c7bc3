using Gamekeeper.Health;
using Gamekeeper.Integrity;
using Gamekeeper.Privacy;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gamekeeper.Tests.Server.Health;

/// <summary>A database on which nothing will ever work ends the process that is started on it.</summary>
public sealed class StartGuardTests
{
    [Fact]
    public async Task An_older_server_is_reported_with_the_version_that_is_needed()
    {
        await using var database = await OldDatabaseAsync();

        var report = await database.Get<DatabaseHealth>().CheckAsync();

        report.IsReady.ShouldBeFalse();
        report.Parts.Single(p => p.Name == "database").Problem.ShouldBe("PostgreSQL 14 is too old: 15 or newer is needed.");
    }

    [Fact(Timeout = 60_000)]
    public async Task Started_on_an_older_server_the_process_ends_with_exit_code_2()
    {
        await using var database = await OldDatabaseAsync();

        (await ExitCodeAsync(database, TestDatabase.MasterKeyText)).ShouldBe(2);
    }

    [Fact(Timeout = 60_000)]
    public async Task Started_with_another_master_key_than_the_data_were_made_with_it_ends_too()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.Get<SigningKeyRing>().ActiveAsync();

        (await ExitCodeAsync(database, MasterKey.NewText())).ShouldBe(2);
    }

    private static async Task<int> ExitCodeAsync(TestDatabase database, string masterKey)
    {
        var before = Environment.ExitCode;
        try
        {
            await using var server = await ServerHost.StartAsync(
                database.ConnectionString(TestRole.App),
                new Dictionary<string, string?> { ["Gamekeeper:MasterKey"] = masterKey, ["Logging:Console:LogLevel:Default"] = "None" }
            );
            var stopping = new TaskCompletionSource();
            server.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);

            await stopping.Task.WaitAsync(TestContext.Current.CancellationToken);

            return Environment.ExitCode;
        }
        finally
        {
            Environment.ExitCode = before;
        }
    }

    /// <summary>A real server that says of itself that it is PostgreSQL 14: the question it is asked is answered by a function of ours.</summary>
    private static async Task<TestDatabase> OldDatabaseAsync()
    {
        var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            TestRole.Superuser,
            $"""
            create function public.current_setting(name text) returns text language sql stable
            as $$ select case name when 'server_version_num' then '140013' else pg_catalog.current_setting(name) end $$;
            grant usage on schema public to gamekeeper_app;
            grant execute on function public.current_setting(text) to gamekeeper_app;
            alter role gamekeeper_app in database {database.Name} set search_path = public, pg_catalog;
            """
        );
        return database;
    }
}
