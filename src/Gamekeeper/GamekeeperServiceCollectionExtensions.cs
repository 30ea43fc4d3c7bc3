using Gamekeeper;
using Gamekeeper.Accounts;
using Gamekeeper.Migrations;
using Gamekeeper.Auditing;
using Gamekeeper.Health;
using Gamekeeper.Paging;
using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
        services.AddSingleton<GameDatabase>();
        services.AddSingleton<ModuleCatalogue>();
        services.AddMigrations();
        AccountsRegistration.AddTo(services);
        // Every node derives the same key from the same master key, since the next page may be asked of another node.
        services.TryAddSingleton(provider => CursorKeyOf(provider.GetRequiredService<MasterKeys>()));
        services.AddSingleton<AuditReader>();
        services.AddSingleton<DatabaseHealth>();

        var core = new ModuleRegistration(CoreSchema.Schema, services);
        CoreModule.Register(core);
        services.AddSingleton(core);
        return new GamekeeperBuilder(services);
    }

    private static CursorKey CursorKeyOf(MasterKeys keys) => new(keys.Mac(keys.ActiveId, "cursor", "1"u8));
}
