using Gamekeeper.Caching;
using Gamekeeper.Caching.Fencing;
using Gamekeeper.Caching.Levels;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Caching;

/// <summary>Lets the services of a test answer from their cache, as a host does, without the rest of a host.</summary>
internal sealed class CachingProcess : IAsyncDisposable
{
    // They ask PostgreSQL by themselves, whatever a test does.
    private static readonly string[] Background = [nameof(RenewLease), nameof(ReadMembers), nameof(FindWaiting), nameof(ForgetWaiting)];

    private readonly IServiceProvider _services;
    private readonly IReadOnlyList<IHostedService> _hosted;

    private CachingProcess(IServiceProvider services, IReadOnlyList<IHostedService> hosted) => (_services, _hosted) = (services, hosted);

    public GameCache Cache => _services.GetRequiredService<GameCache>();

    /// <summary>For <see cref="TestDatabaseOptions.Configure"/>.</summary>
    public static void AddTo(IServiceCollection services) => AddTo(services, redis: null);

    public static void AddTo(IServiceCollection services, string? redis)
    {
        new GamekeeperBuilder(services).AddCache(o =>
        {
            o.Lease = CacheCluster.Lease;
            // A busy machine is not what is tested here.
            o.AcknowledgeWithin = TimeSpan.FromSeconds(5);
            o.RedisAnswersWithin = TimeSpan.FromSeconds(5);
            o.StaleAfter = TimeSpan.FromSeconds(30);
        });
        services.Configure<Gamekeeper.Redis.RedisOptions>(o => o.ConnectionString = redis);
    }

    /// <summary>Returns once it answers from its cache; nothing is warmed.</summary>
    public static async Task<CachingProcess> StartAsync(IServiceProvider services)
    {
        var hosted = services.GetServices<IHostedService>().Where(s => s is CacheNodeLoop or RelayInvalidations).ToList();
        hosted.Count.ShouldBe(2);
        foreach (var service in hosted)
            await service.StartAsync(CancellationToken.None);
        var process = new CachingProcess(services, hosted);
        await process.ServesAsync();
        return process;
    }

    public Task ServesAsync() => Soon.TrueAsync(() => Cache.IsServing, "the node serves");

    public CacheCounts Counts<TId, TValue>(CacheKey<TId, TValue> key)
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class => Places(key).Counts.Read();

    /// <summary>Whether the value is in memory, under whatever epoch.</summary>
    public bool Holds<TId, TValue>(CacheKey<TId, TValue> key, TId id)
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class => Places(key).TryGetStale(id, since: 0, out _);

    public int Held<TId, TValue>(CacheKey<TId, TValue> key)
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class => Places(key).Held;

    /// <summary>How often the work, done while this node serves, asked PostgreSQL.</summary>
    public async Task<long> RoundTripsAsync(Func<Task> work)
    {
        await ServesAsync();
        var before = RoundTrips();
        await work();
        return RoundTrips() - before;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _hosted)
            await service.StopAsync(CancellationToken.None);
    }

    private Places<TId, TValue> Places<TId, TValue>(CacheKey<TId, TValue> key)
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class => _services.GetRequiredService<LocalValues>().Of(key);

    private long RoundTrips() =>
        _services.GetRequiredService<GameDatabase>().Timings().Where(t => !Background.Contains(t.Statement)).Sum(t => t.Calls);
}
