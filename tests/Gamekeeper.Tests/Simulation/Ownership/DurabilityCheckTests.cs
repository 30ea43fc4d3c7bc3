using Gamekeeper.Simulation.Ownership.Faults;
using Gamekeeper.Simulation.Proofs;
using Gamekeeper.Tests.Harness;
using Npgsql;

namespace Gamekeeper.Tests.Simulation.Ownership;

/// <summary>The cluster of the tests is one that forgets; a session that is told otherwise stands in for one that does not.</summary>
public sealed class DurabilityCheckTests
{
    [Fact]
    public async Task A_server_that_forgets_is_refused_with_every_setting_named()
    {
        await using var database = await TestDatabase.CreateAsync();
        var refused = await Should.ThrowAsync<NotDurableException>(() => RunAsync(database, ""));
        foreach (var setting in new[] { "fsync", "synchronous_commit", "full_page_writes" })
            refused.Message.ShouldContain($"{setting} is 'off'");
    }

    [Fact]
    public async Task A_setting_of_the_connection_counts()
    {
        await using var database = await TestDatabase.CreateAsync();
        var refused = await Should.ThrowAsync<NotDurableException>(() => RunAsync(database, "-c synchronous_commit=on"));
        refused.Message.ShouldNotContain("synchronous_commit");
    }

    [Fact]
    public async Task A_setting_of_the_database_is_found_though_no_session_of_ours_has_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString(TestRole.App)).Database!;
        await database.ExecuteAsync(TestRole.Superuser, $"alter database {name} set synchronous_commit = off");
        var refused = await Should.ThrowAsync<NotDurableException>(() => RunAsync(database, "-c synchronous_commit=on"));
        refused.Message.ShouldContain($"synchronous_commit of every role in {name} is 'off'");
    }

    private static Task<IReadOnlyDictionary<string, string>> RunAsync(TestDatabase database, string options) =>
        DurabilityCheck.RunAsync(new Reached(database, options), TestContext.Current.CancellationToken);

    private sealed class Reached(TestDatabase database, string options) : IProofServers
    {
        public IReadOnlyList<Uri> Addresses => [];

        public string ObserverConnection => database.ConnectionString(TestRole.Superuser);

        public string ServerConnection => new NpgsqlConnectionStringBuilder(database.ConnectionString(TestRole.App)) { Options = options }.ConnectionString;

        public string ApplicationName(int server) => throw new NotSupportedException();

        public Task<string> OperatorCodeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task KillDatabaseAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task KillServerAsync(int server, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
