using Gamekeeper;
using Gamekeeper.Accounts;
using Gamekeeper.Batching;
using Gamekeeper.Caching;
using Gamekeeper.Caching.Fencing;
using Gamekeeper.Integrity;
using Gamekeeper.Integrity.Checkpoints;
using Gamekeeper.Migrations;
using Gamekeeper.Auditing;
using Gamekeeper.Health;
using Gamekeeper.Paging;
using Gamekeeper.Privacy;
using Gamekeeper.Scheduling;
using Gamekeeper.Seeding;
using Gamekeeper.Storage;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Gamekeeper to a host.</summary>
public static class GamekeeperServiceCollectionExtensions
{
    /// <summary>
    /// Adds the core: database, accounts, audit, integrity, migrations, jobs. Games follow, one <c>Add…()</c> each, on the builder
    /// this returns.
    /// </summary>
    public static GamekeeperBuilder AddGamekeeper(this IServiceCollection services, Action<GameDatabaseOptions>? database = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<GameDatabaseOptions>();
        if (database is not null)
            services.Configure(database);
        services.AddSingleton(provider => new GameDatabase(
            provider.GetRequiredService<IOptions<GameDatabaseOptions>>(),
            provider.GetRequiredService<ILogger<GameDatabase>>(),
            provider.GetRequiredService<TimeProvider>()
        )
        {
            // Made at the first commit that has something to tell: it needs this database itself.
            Fence = new Lazy<ICommitFence>(provider.GetRequiredService<CommitFence>),
        });
        services.AddSingleton<ModuleCatalogue>();
        MigrationRegistration.AddTo(services);
        AccountsRegistration.AddTo(services);
        services.AddSingleton<Verifier>();
        // One key for all nodes, so that a cursor may be handed to any of them; a new master key ends the cursors of the old one.
        services.AddSingleton(provider =>
        {
            var keys = provider.GetRequiredService<MasterKeys>();
            return CursorKey.DerivedFrom(keys.Mac(keys.ActiveId, "cursors", "1"u8));
        });
        CacheRegistration.AddTo(services);
        StorageRegistration.AddTo(services);
        CheckpointRegistration.AddTo(services);
        JobRegistration.AddTo(services);
        services.AddHostedService<WriteBehindLoop>();
        services.AddSingleton<Seeder>();
        services.AddSingleton<AuditReader>();
        services.AddSingleton<DatabaseHealth>();

        var core = new ModuleRegistration(CoreSchema.Schema, services);
        CoreModule.Register(core);
        services.AddSingleton(core);
        return new GamekeeperBuilder(services);
    }
}
