using Gamekeeper.Health;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gamekeeper.Tests.Server.Health;

/// <summary>A real server that says of itself that it is PostgreSQL 14: the question it is asked is answered by a function of ours.</summary>
public sealed class VersionGuardTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.ExecuteAsync(
            TestRole.Superuser,
            $"""
            create function public.current_setting(name text) returns text language sql stable
            as $$ select case name when 'server_version_num' then '140013' else pg_catalog.current_setting(name) end $$;
            grant usage on schema public to gamekeeper_app;
            grant execute on function public.current_setting(text) to gamekeeper_app;
            alter role gamekeeper_app in database {_database.Name} set search_path = public, pg_catalog;
            """
        );
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task An_older_server_is_reported_with_the_version_that_is_needed()
    {
        var report = await _database.Get<DatabaseHealth>().CheckAsync();

        report.IsReady.ShouldBeFalse();
        report.Parts.Single(p => p.Name == "database").Problem.ShouldBe("PostgreSQL 14 is too old: 15 or newer is needed.");
    }

    [Fact(Timeout = 60_000)]
    public async Task Started_on_an_older_server_the_process_ends_with_exit_code_2()
    {
        var before = Environment.ExitCode;
        try
        {
            await using var server = await ServerHost.StartAsync(_database.ConnectionString(TestRole.App));
            var stopping = new TaskCompletionSource();
            server.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);

            await stopping.Task.WaitAsync(TestContext.Current.CancellationToken);

            Environment.ExitCode.ShouldBe(2);
        }
        finally
        {
            Environment.ExitCode = before;
        }
    }
}
