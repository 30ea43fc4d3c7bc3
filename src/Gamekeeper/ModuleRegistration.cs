using System.Reflection;
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

/// <summary>What a schema owner brings, collected once at start-up and read by everything that walks the modules.</summary>
public sealed class ModuleRegistration
{
    private readonly List<Type> _dataMigrations = [];
    private readonly List<Type> _invariants = [];
    private readonly List<Type> _jobs = [];
    private readonly List<Type> _seeds = [];
    private readonly List<Type> _accountProjections = [];
    private readonly List<Type> _checkpointSources = [];
    private readonly List<CacheKey> _cacheKeys = [];
    private readonly List<Type> _warmers = [];

    internal ModuleRegistration(string schema, IServiceCollection services) => (Schema, Services) = (schema, services);

    /// <summary>The schema this registration speaks for.</summary>
    public string Schema { get; }

    /// <summary>For the module's own repositories.</summary>
    public IServiceCollection Services { get; }

    internal MigrationSource? MigrationSource { get; private set; }
    internal IReadOnlyList<Type> DataMigrationTypes => _dataMigrations;
    internal IReadOnlyList<Type> InvariantTypes => _invariants;
    internal IReadOnlyList<Type> JobTypes => _jobs;
    internal IReadOnlyList<Type> SeedTypes => _seeds;
    internal IReadOnlyList<Type> AccountProjectionTypes => _accountProjections;
    internal IReadOnlyList<Type> CheckpointSourceTypes => _checkpointSources;
    internal IReadOnlyList<CacheKey> DeclaredCacheKeys => _cacheKeys;
    internal IReadOnlyList<Type> WarmerTypes => _warmers;

    /// <summary>
    /// The module's numbered SQL files, embedded in <paramref name="assembly"/> below <paramref name="resourceFolder"/>
    /// (such as <c>Gamekeeper.SummonersGrid.Migrations</c>).
    /// </summary>
    public ModuleRegistration Migrations(Assembly assembly, string resourceFolder)
    {
        MigrationSource = new MigrationSource(Schema, assembly, resourceFolder);
        return this;
    }

    /// <summary>A data migration; they run in the order they are added.</summary>
    public ModuleRegistration DataMigration<T>()
        where T : class, IDataMigration => Add<T>(_dataMigrations);

    /// <summary>Something that <c>gamekeeper verify</c> checks.</summary>
    public ModuleRegistration Invariant<T>()
        where T : class, IInvariant => Add<T>(_invariants);

    /// <summary>Periodic work, run by one node at a time.</summary>
    public ModuleRegistration Job<T>()
        where T : class, IJob => Add<T>(_jobs);

    /// <summary>Development data; they run in the order they are added, never in production.</summary>
    public ModuleRegistration Seed<T>()
        where T : class, ISeed => Add<T>(_seeds);

    /// <summary>Keeps the module's copy of public names and freezes current.</summary>
    public ModuleRegistration AccountProjection<T>()
        where T : class, IAccountProjection => Add<T>(_accountProjections);

    /// <summary>An append-only table whose rows checkpoints cover. The schema's audit log is one already.</summary>
    public ModuleRegistration CheckpointSource<T>()
        where T : class, ICheckpointSource => Add<T>(_checkpointSources);

    /// <summary>A kind of value that the module keeps in the cache.</summary>
    public ModuleRegistration CacheKey(CacheKey key)
    {
        _cacheKeys.Add(key);
        return this;
    }

    /// <summary>Fills the cache with what will be asked for; they run in the order they are added.</summary>
    public ModuleRegistration Warmer<T>()
        where T : class, ICacheWarmer => Add<T>(_warmers);

    private ModuleRegistration Add<T>(List<Type> list)
        where T : class
    {
        list.Add(typeof(T));
        Services.AddSingleton<T>();
        return this;
    }
}
