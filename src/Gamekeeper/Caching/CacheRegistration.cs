using Gamekeeper.Batching;
using Gamekeeper.Caching.Faults;
using Gamekeeper.Caching.Fencing;
using Gamekeeper.Caching.Levels;
using Gamekeeper.Caching.Queues;
using Gamekeeper.Caching.Warming;
using Gamekeeper.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Caching;

internal static class CacheRegistration
{
    public static void AddTo(IServiceCollection services)
    {
        RedisRegistration.AddTo(services);
        services.AddOptions<CacheOptions>()
            .Configure<IServiceProvider>((options, provider) => provider.GetService<IConfiguration>()?.GetSection(CacheOptions.Section).Bind(options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<CacheOptions>, CacheOptionsCheck>();
        services.AddOptions<CacheFaultOptions>()
            .Configure<IServiceProvider>((options, provider) => provider.GetService<IConfiguration>()?.GetSection(CacheFaultOptions.Section).Bind(options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<CacheFaultOptions>, CacheFaultsCheck>();
        services.AddSingleton(provider => new CacheFaults(provider.GetRequiredService<IOptions<CacheFaultOptions>>().Value));
        services.AddSingleton<CacheCatalogue>();
        services.AddSingleton(provider => new FirstLevel(provider.GetRequiredService<IOptions<CacheOptions>>().Value.MaxBytes));
        services.AddSingleton<LocalValues>();
        services.AddSingleton(_ => NodeId.New());
        services.AddSingleton<CacheNode>();
        services.AddSingleton<ToldInvalidations>();
        services.AddSingleton<CommitFence>();
        services.AddSingleton<CacheWarming>();
        services.AddSingleton(Redis);
        services.AddSingleton<IWriteBehindQueue>(provider => new RedisQueue(
            provider.GetRequiredService<IOptions<RedisOptions>>().Value.ConnectionString is null ? null : provider.GetRequiredService<RedisClient>(),
            provider.GetRequiredService<CacheNode>()
        ));
        services.AddSingleton(provider => new CacheStatistics(
            provider.GetRequiredService<LocalValues>(),
            provider.GetRequiredService<FirstLevel>(),
            provider.GetRequiredService<CacheNode>(),
            provider.GetRequiredService<CacheRedis>(),
            provider.GetRequiredService<IOptions<CacheOptions>>()
        ));
        services.AddSingleton(provider => new GameCache(
            provider.GetRequiredService<LocalValues>(),
            provider.GetRequiredService<CacheNode>(),
            provider.GetRequiredService<CommitFence>(),
            provider.GetRequiredService<CacheRedis>(),
            provider.GetRequiredService<IOptions<CacheOptions>>(),
            provider.GetRequiredService<CacheFaults>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<GameCache>>()
        ));
    }

    // Null where no Redis is configured: then everything is kept in the memory of the process alone.
    private static CacheRedis Redis(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<CacheOptions>>().Value;
        var patience = new Patience(options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Patience>>());
        if (provider.GetRequiredService<IOptions<RedisOptions>>().Value.ConnectionString is null)
            return new CacheRedis(null, null, null, patience);
        var faults = provider.GetRequiredService<CacheFaults>();
        var client = provider.GetRequiredService<RedisClient>();
        var channel = new FenceChannel(
            client,
            provider.GetRequiredService<LocalValues>(),
            provider.GetRequiredService<NodeId>(),
            faults,
            provider.GetRequiredService<ILogger<FenceChannel>>()
        );
        return new CacheRedis(client, channel, new SecondLevel(client, options, faults), patience);
    }

    private sealed class CacheOptionsCheck : IValidateOptions<CacheOptions>
    {
        public ValidateOptionsResult Validate(string? name, CacheOptions options)
        {
            var problems = options.Problems().ToList();
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }

    private sealed class CacheFaultsCheck(IServiceProvider provider) : IValidateOptions<CacheFaultOptions>
    {
        public ValidateOptionsResult Validate(string? name, CacheFaultOptions options)
        {
            var environment = GamekeeperEnvironments.Find(provider.GetService<IHostEnvironment>(), provider.GetService<IConfiguration>());
            var problems = options.Problems(environment).ToList();
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
