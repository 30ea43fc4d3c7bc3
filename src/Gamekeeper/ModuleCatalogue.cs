using Gamekeeper.Accounts;
using Gamekeeper.Caching;
using Gamekeeper.Caching.Warming;
using Gamekeeper.Integrity;
using Gamekeeper.Integrity.Checkpoints;
using Gamekeeper.Migrations;
using Gamekeeper.Scheduling;
using Gamekeeper.Seeding;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper;

/// <summary>All schema owners of this process, the core first, and what they brought.</summary>
public sealed class ModuleCatalogue(IEnumerable<ModuleRegistration> registrations, IServiceProvider services)
{
    private readonly IReadOnlyList<ModuleRegistration> _modules = [.. registrations];

    /// <summary>The schemas, core first, games in the order they were added.</summary>
    public IReadOnlyList<string> Schemas => [.. _modules.Select(m => m.Schema)];

    /// <summary>The schemas of games only.</summary>
    public IReadOnlyList<string> GameSchemas => [.. _modules.Select(m => m.Schema).Where(s => s != CoreSchema.Schema)];

    /// <summary>The schemas that exist in the database: a module without migrations has none.</summary>
    internal IReadOnlyList<string> MigratedSchemas => [.. MigrationSources.Select(s => s.Schema)];

    internal IReadOnlyList<MigrationSource> MigrationSources => [.. _modules.Select(m => m.MigrationSource).OfType<MigrationSource>()];

    /// <summary>Data migrations with the schema they belong to, in order.</summary>
    public IReadOnlyList<(string Schema, IDataMigration Migration)> DataMigrations() =>
        Resolve<IDataMigration>(m => m.DataMigrationTypes);

    /// <summary>Invariants with the schema they belong to.</summary>
    public IReadOnlyList<(string Schema, IInvariant Invariant)> Invariants() => Resolve<IInvariant>(m => m.InvariantTypes);

    /// <summary>Jobs with the schema they belong to.</summary>
    public IReadOnlyList<(string Schema, IJob Job)> Jobs() => Resolve<IJob>(m => m.JobTypes);

    /// <summary>Seeds with the schema they belong to, in order.</summary>
    public IReadOnlyList<(string Schema, ISeed Seed)> Seeds() => Resolve<ISeed>(m => m.SeedTypes);

    /// <summary>Account projections with the schema they write.</summary>
    public IReadOnlyList<(string Schema, IAccountProjection Projection)> AccountProjections() =>
        Resolve<IAccountProjection>(m => m.AccountProjectionTypes);

    /// <summary>What checkpoints cover, of every schema that exists, in the order in which they name it.</summary>
    public IReadOnlyList<ICheckpointSource> CheckpointSources() =>
        [.. Resolve<ICheckpointSource>(m => m.MigrationSource is null ? [] : m.CheckpointSourceTypes).Select(s => s.Item2)];

    /// <summary>The kinds of cached values of all modules.</summary>
    public IReadOnlyList<CacheKey> CacheKeys() => [.. _modules.SelectMany(m => m.DeclaredCacheKeys)];

    /// <summary>What fills the cache, with the schema it belongs to, in order.</summary>
    public IReadOnlyList<(string Schema, ICacheWarmer Warmer)> Warmers() => Resolve<ICacheWarmer>(m => m.WarmerTypes);

    private List<(string, T)> Resolve<T>(Func<ModuleRegistration, IReadOnlyList<Type>> types) =>
        [.. _modules.SelectMany(m => types(m).Select(type => (m.Schema, (T)services.GetRequiredService(type))))];
}
