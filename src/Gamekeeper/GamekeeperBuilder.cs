using Gamekeeper.Caching;
using Gamekeeper.Caching.Fencing;
using Gamekeeper.Caching.Warming;
using Gamekeeper.Integrity.Checkpoints;
using Gamekeeper.Scheduling;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper;

/// <summary>Collects the games of this process; each game brings an <c>Add…()</c> of its own.</summary>
public sealed class GamekeeperBuilder
{
    internal GamekeeperBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds one game.</summary>
    public GamekeeperBuilder AddModule<TModule>()
        where TModule : IGameModule
    {
        var registration = new ModuleRegistration(TModule.Schema, Services);
        registration.CheckpointSource<AuditLogSource<TModule>>();
        TModule.Register(registration);
        Services.AddSingleton(registration);
        return this;
    }

    /// <summary>
    /// Lets this process answer from a cache for as long as its host runs: from its own memory, and from Redis where a connection string
    /// names one; <see cref="HybridCache"/> is that cache then. Without it every read asks PostgreSQL; what it writes is told to the caches of others either way.
    /// </summary>
    public GamekeeperBuilder AddCache(Action<CacheOptions>? configure = null)
    {
        if (configure is not null)
            Services.Configure(configure);
        Services.AddSingleton<HybridCache>(provider => provider.GetRequiredService<GameCache>());
        Services.AddHostedService<CacheNodeLoop>();
        Services.AddHostedService<RelayInvalidations>();
        Services.AddHostedService<WarmAtStart>();
        return this;
    }

    /// <summary>Lets this process take part in periodic work for as long as its host runs. Without it jobs run by hand only.</summary>
    public GamekeeperBuilder AddJobScheduler(Action<JobSchedulerOptions>? configure = null)
    {
        if (configure is not null)
            Services.Configure(configure);
        Services.AddHostedService<JobScheduler>();
        Services.AddHostedService<CheckpointAge>();
        return this;
    }
}
