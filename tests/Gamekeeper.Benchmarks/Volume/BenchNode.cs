using Gamekeeper.Caching;
using Gamekeeper.Caching.Fencing;
using Gamekeeper.Redis;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Benchmarks.Volume;

/// <summary>The product with its cache, as another process would have it: pool, connections to Redis and memory of its own.</summary>
internal sealed class BenchNode : IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    private readonly ServiceProvider _services;

    /// <param name="database">Where it runs.</param>
    /// <param name="redis">Between it and other nodes; null for none.</param>
    /// <param name="configure">Of its cache.</param>
    public BenchNode(BenchDatabase database, BenchRedis? redis, Action<CacheOptions>? configure = null) =>
        _services = database.NewProcess(
            maxConnections: 32,
            games =>
            {
                games.AddCache(o =>
                {
                    // A machine that stands still for a moment must not send a read of Redis to PostgreSQL; the way of a read is the same.
                    o.RedisAnswersWithin = TimeSpan.FromSeconds(5);
                    configure?.Invoke(o);
                });
                games.Services.Configure<RedisOptions>(o => o.ConnectionString = redis?.ConnectionString);
                // The fence as it is, with a watch in front.
                games.Services.AddSingleton<TimedFence>();
                games.Services.AddSingleton(provider => new GameDatabase(
                    provider.GetRequiredService<IOptions<GameDatabaseOptions>>(),
                    provider.GetRequiredService<ILogger<GameDatabase>>(),
                    provider.GetRequiredService<TimeProvider>()
                )
                {
                    Fence = new Lazy<ICommitFence>(provider.GetRequiredService<TimedFence>),
                });
            }
        );

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>What became of the reads of this kind, since the node was made.</summary>
    public CacheCounts Counts(CacheKey key) => Get<CacheStatistics>().Keys().Single(k => k.Key == key).Counts;

    /// <summary>Joins the others; it answers from its cache when this returns.</summary>
    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        foreach (var loop in Loops)
            await loop.StartAsync(cancellationToken);
        while (!Get<GameCache>().IsServing)
            await Task.Delay(LookAgain, Get<TimeProvider>(), cancellationToken);
    }

    /// <summary>Gives its lease back; nobody waits for it any more.</summary>
    public async Task LeaveAsync()
    {
        foreach (var loop in Loops)
            await loop.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        await _services.DisposeAsync();
    }

    // What warms a cache at start would run into the measurement.
    private IEnumerable<IHostedService> Loops => _services.GetServices<IHostedService>().Where(s => s is CacheNodeLoop or RelayInvalidations);
}
