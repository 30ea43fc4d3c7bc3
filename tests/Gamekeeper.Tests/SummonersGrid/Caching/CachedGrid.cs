using Gamekeeper.Tests.Caching;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Caching;

/// <summary>A world whose process answers from its cache, and two players in it.</summary>
internal sealed class CachedGrid : IAsyncDisposable
{
    private CachedGrid(GridWorld world, CachingProcess process, Actor a, Actor b) => (World, Process, A, B) = (world, process, a, b);

    public GridWorld World { get; }

    public CachingProcess Process { get; }

    public Actor A { get; }

    public Actor B { get; }

    public static async Task<CachedGrid> CreateAsync(string? redis = null)
    {
        var world = await GridWorld.CreateAsync(new TestDatabaseOptions(Configure: services => CachingProcess.AddTo(services, redis)));
        await CacheCluster.NameItselfAsync(world.Database);
        var process = await CachingProcess.StartAsync(world.Database.Services);
        return new CachedGrid(world, process, await world.NewPlayerAsync(), await world.NewPlayerAsync());
    }

    public T Get<T>()
        where T : notnull => World.Get<T>();

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await World.DisposeAsync();
    }
}
