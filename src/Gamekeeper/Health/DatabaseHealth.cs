using Gamekeeper.Migrations;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Gamekeeper.Health;

/// <summary>Looks at the database as whoever serves from it must: is it there, of a version we can use, migrated, and ready to be written.</summary>
public sealed class DatabaseHealth(GameDatabase database, ModuleCatalogue modules, IOptions<MigrationOptions> migrations, TimeProvider clock)
{
    /// <summary>The oldest major version of PostgreSQL that Gamekeeper runs on.</summary>
    public const int OldestVersion = 15;

    private readonly Lazy<IReadOnlyList<(string Schema, string Name)>> _needed = new(() =>
        [
            .. MigrationFiles
                .Load(modules.MigrationSources)
                // What only takes away is applied after the new version serves, so serving cannot wait for it.
                .Where(f => f.Phase == MigrationPhase.Expand && !(f.SingleServerOnly && migrations.Value.Distributed))
                .Select(f => (f.Schema, f.Name)),
        ]);

    /// <summary>Checks every part in turn, each with the time it took. Never throws for what it finds; a part behind a broken one is broken too.</summary>
    public async Task<DatabaseReport> CheckAsync(CancellationToken cancellationToken = default)
    {
        var pool = await TimedAsync("pool", PoolAsync, cancellationToken);
        if (!pool.IsHealthy)
            return new(null, [pool, pool with { Name = "database" }, pool with { Name = "migrations" }, pool with { Name = "partitions" }]);
        var version = 0;
        var hasHistory = false;
        var server = await TimedAsync(
            "database",
            async ct =>
            {
                var facts = await database.FirstAsync(new ReadServerFacts(), ct);
                (version, hasHistory) = (facts!.Version, facts.HasHistory);
                return IsSupported(version) ? null : $"PostgreSQL {version / 10000} is too old: {OldestVersion} or newer is needed.";
            },
            cancellationToken
        );
        var migrated = await TimedAsync("migrations", ct => MigrationsAsync(hasHistory, ct), cancellationToken);
        var partitions = migrated.IsHealthy
            ? await TimedAsync("partitions", PartitionsAsync, cancellationToken)
            : migrated with { Name = "partitions" };
        return new(version, [pool, server, migrated, partitions]);
    }

    /// <summary>Whether Gamekeeper runs on a server of this version, counted as PostgreSQL counts: 150020 is 15.20.</summary>
    public static bool IsSupported(int versionNumber) => versionNumber / 10000 >= OldestVersion;

    private async Task<string?> PoolAsync(CancellationToken cancellationToken)
    {
        await database.ReadAsync(ReadConsistency.Strong, null, static (_, _) => Task.FromResult(true), cancellationToken);
        return null;
    }

    private async Task<string?> MigrationsAsync(bool hasHistory, CancellationToken cancellationToken)
    {
        var applied = hasHistory ? (await database.ListAsync(new ReadAppliedMigrations(), cancellationToken)).ToHashSet() : [];
        var pending = _needed.Value.Where(m => !applied.Contains(m)).ToList();
        return pending.Count == 0 ? null : $"{pending.Count} migrations are pending, the first is {pending[0].Schema}/{pending[0].Name}; run gamekeeper migrate up.";
    }

    private async Task<string?> PartitionsAsync(CancellationToken cancellationToken)
    {
        var missing = await database.ListAsync(new FindMissingPartitions([.. modules.Schemas]), cancellationToken);
        return missing.Count == 0 ? null : $"{string.Join(", ", missing)} has no partition for this month; run the job that makes partitions.";
    }

    private async Task<HealthOfPart> TimedAsync(string name, Func<CancellationToken, Task<string?>> check, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        string? problem;
        try
        {
            problem = await check(cancellationToken);
        }
        catch (PostgresException failure)
        {
            problem = $"PostgreSQL refused (SQLSTATE {failure.SqlState}).";
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or IOException)
        {
            problem = "PostgreSQL cannot be reached.";
        }
        return new(name, problem is null, problem, clock.GetElapsedTime(started));
    }
}

/// <summary>What was found.</summary>
/// <param name="ServerVersion">As PostgreSQL counts: 150020 is 15.20; null when nobody answered.</param>
/// <param name="Parts">Pool, database, migrations and partitions.</param>
public sealed record DatabaseReport(int? ServerVersion, IReadOnlyList<HealthOfPart> Parts)
{
    /// <summary>Requests can be served.</summary>
    public bool IsReady => Parts.All(p => p.IsHealthy);
}

/// <summary>One part of the whole.</summary>
/// <param name="Name">Stable.</param>
/// <param name="IsHealthy">It does what it should.</param>
/// <param name="Problem">What is wrong and what to do; null while healthy. No address, no credential.</param>
/// <param name="Took">How long it took to find out.</param>
public sealed record HealthOfPart(string Name, bool IsHealthy, string? Problem, TimeSpan Took);
