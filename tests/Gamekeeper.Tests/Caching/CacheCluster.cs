using Gamekeeper.Tests.Harness;
using Gamekeeper.Caching;
using Gamekeeper.Caching.Fencing;
using Gamekeeper.Caching.Levels;
using Gamekeeper.Tests.Harness.SampleGame;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Caching;

/// <summary>Several processes' caches on one database, with or without a Redis between them.</summary>
internal sealed class CacheCluster(TestDatabase database, string? redis) : IAsyncDisposable
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    private readonly List<CacheMember> _members = [];

    public TestDatabase Database => database;

    public static async Task<CacheCluster> CreateAsync(string? redis = null, Action<IServiceCollection>? configure = null)
    {
        var database = await TestDatabase.CreateAsync(new(Modules: b => b.AddModule<SampleGameModule>().AddSummonersGrid(), Configure: configure));
        await NameItselfAsync(database);
        return new(database, redis) { Configure = configure };
    }

    public Action<IServiceCollection>? Configure { get; private init; }

    /// <summary>Test databases are copies of one; without this they would hear each other's messages in a Redis that they share.</summary>
    public static Task NameItselfAsync(TestDatabase database) =>
        database.ExecuteAsync(TestRole.Owner, "update core.cache_epoch set cluster = substr(md5(gen_random_uuid()::text), 1, 16)");

    /// <summary>Another node; it serves when this returns.</summary>
    public async Task<CacheMember> JoinAsync(Action<CacheOptions>? configure = null, string? through = null, Action<Gamekeeper.Redis.RedisOptions>? configureRedis = null)
    {
        var member = new CacheMember(this, configure, through ?? redis, configureRedis);
        _members.Add(member);
        await member.StartAsync();
        return member;
    }

    /// <summary>Several at once, with a lease that a busy machine does not let run out: for tests of what stays cached.</summary>
    public Task<CacheMember[]> JoinAsync(int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => JoinAsync(o => o.Lease = TimeSpan.FromSeconds(3))));

    public async Task<Guid> CoinAsync(long amount)
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await database.Database.WriteAsync(
            Actor.System(TimeProvider.System),
            (unit, _) =>
            {
                unit.Enqueue(new InsertCoin(id, amount));
                return Task.CompletedTask;
            }
        );
        return id;
    }

    public Task<long> EpochAsync() => database.ScalarAsync<long>(TestRole.App, "select number from core.cache_epoch");

    public Task<long> WaitingAsync() => database.ScalarAsync<long>(TestRole.App, "select count(*) from sample_game.invalidations");

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
            await member.DisposeAsync();
        await database.DisposeAsync();
    }
}

/// <summary>One process among them.</summary>
internal sealed class CacheMember : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private CancellationTokenSource _end = new();
    private Task _loop = Task.CompletedTask;
    private bool _isGone;

    public CacheMember(CacheCluster cluster, Action<CacheOptions>? configure, string? redis, Action<Gamekeeper.Redis.RedisOptions>? configureRedis = null) =>
        _services = cluster.Database.SecondProcess(
            new(
                Modules: b => b.AddModule<SampleGameModule>().AddSummonersGrid(),
                Configure: services =>
                {
                    new GamekeeperBuilder(services).AddCache(o =>
                    {
                        o.Lease = CacheCluster.Lease;
                        // A busy machine is not what is tested here.
                        o.AcknowledgeWithin = TimeSpan.FromSeconds(5);
                        o.RedisAnswersWithin = TimeSpan.FromSeconds(5);
                        configure?.Invoke(o);
                    });
                    services.AddSingleton<RelayInvalidations>();
                    cluster.Configure?.Invoke(services);
                    services.Configure<Gamekeeper.Redis.RedisOptions>(o =>
                    {
                        o.ConnectionString = redis;
                        configureRedis?.Invoke(o);
                    });
                }
            )
        );

    public GameCache Cache => _services.GetRequiredService<GameCache>();

    public CacheCounts Counts => _services.GetRequiredService<LocalValues>().Of(CachedCoin.Key).Counts.Read();

    public int Loads { get; private set; }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Runs the node as its host does, until it dies or is disposed; it serves when this returns.</summary>
    public async Task StartAsync()
    {
        await Get<RelayInvalidations>().StartAsync(CancellationToken.None);
        _loop = RunAsync(_end.Token);
        await ServesAsync();
    }

    /// <summary>Its process stands still: it renews nothing and hears of nothing it would have to ask for.</summary>
    public async Task PauseAsync()
    {
        await _end.CancelAsync();
        await _loop;
    }

    /// <summary>It goes on.</summary>
    public void Wake()
    {
        _end = new CancellationTokenSource();
        _loop = RunAsync(_end.Token);
    }

    public Task ServesAsync() => Soon.TrueAsync(() => Cache.IsServing, "the node serves");

    /// <summary>Through the cache; <paramref name="hold"/> keeps the load between its reading and its keeping.</summary>
    public ValueTask<CachedCoin?> ReadAsync(Guid coin, Task? hold = null, TaskCompletionSource? hasRead = null, CacheKey<Guid, CachedCoin>? key = null) =>
        Cache.GetAsync(
            key ?? CachedCoin.Key,
            coin,
            this,
            async (member, id, ct) =>
            {
                member.Loads++;
                var found = await member.Get<GameDatabase>().FirstAsync(new FindCoin(id), ct);
                hasRead?.TrySetResult();
                if (hold is not null)
                    await hold;
                return found;
            }
        );

    public async Task<long> AmountAsync(Guid coin) => (await ReadAsync(coin))!.Amount;

    public Task WriteAsync(Guid coin, long amount) =>
        Get<GameDatabase>()
            .WriteAsync(
                Actor.System(TimeProvider.System),
                (unit, _) =>
                {
                    unit.Enqueue(new SetCoin(coin, amount));
                    return Task.CompletedTask;
                }
            );

    /// <summary>As kill -9: nothing is given back and nobody is told.</summary>
    public async Task DieAsync()
    {
        if (_isGone)
            return;
        _isGone = true;
        await PauseAsync();
        await Get<RelayInvalidations>().StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isGone)
            await Get<CacheNode>().LeaveAsync(CancellationToken.None);
        await DieAsync();
    }

    private async Task RunAsync(CancellationToken end)
    {
        var node = Get<CacheNode>();
        Get<CacheRedis>().Start(node);
        while (!end.IsCancellationRequested)
        {
            var again = false;
            try
            {
                again = await node.StepAsync(end);
            }
            catch (Exception failure) when (failure is Npgsql.NpgsqlException or OperationCanceledException or Gamekeeper.Redis.RedisException) { }
            if (!again)
                await node.WaitAsync(end);
        }
    }
}
