using Gamekeeper.Integrity;
using Gamekeeper.Integrity.Checkpoints;
using Gamekeeper.Scheduling;
using Gamekeeper.Storage;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gamekeeper.Tests.Integrity.Checkpoints;

/// <summary>A game with a folder for its objects, and what somebody who owns the schemas can do to both.</summary>
internal sealed class CheckpointWorld : IAsyncDisposable
{
    private readonly TestDatabaseOptions _options;

    private CheckpointWorld(GridWorld grid, TestDatabaseOptions options, string folder, FaultyStore store) =>
        (Grid, _options, Folder, Store) = (grid, options, folder, store);

    public GridWorld Grid { get; }

    public TestDatabase Database => Grid.Database;

    public string Folder { get; }

    /// <summary>The store, with a place to break it.</summary>
    public FaultyStore Store { get; }

    public MakeCheckpoint Make => Grid.Get<MakeCheckpoint>();

    public static async Task<CheckpointWorld> CreateAsync(Action<CheckpointOptions>? configure = null)
    {
        var folder = Directory.CreateTempSubdirectory("gks-").FullName;
        var store = new FaultyStore(new FolderObjectStore(folder));
        var options = new TestDatabaseOptions(Configure: services =>
        {
            services.Replace(ServiceDescriptor.Singleton<IObjectStore>(store));
            services.Configure<CheckpointOptions>(o => configure?.Invoke(o));
        });
        return new(await GridWorld.CreateAsync(options), options, folder, store);
    }

    /// <summary>Another node.</summary>
    public ServiceProvider SecondNode() => Database.SecondProcess(_options);

    public async Task<SignedCheckpoint> MakeAsync() => (await Make.RunAsync()).ShouldBeOfType<MakeCheckpointOutcome.Made>().Checkpoint;

    public Task<IReadOnlyList<InvariantBreach>> RowsAsync(long since = 1) => Grid.Get<CheckRows>().RunAsync(since);

    public Task<IReadOnlyList<InvariantBreach>> ChainAsync(long since = 1) => Grid.Get<CheckChain>().RunAsync(since);

    public async Task<FolderReport> FolderAsync()
    {
        var keys = await Grid.Get<SigningKeyRing>().PublicKeysAsync();
        return await new CheckFolder(new FolderObjectStore(Folder), keys.Select(k => k.Pem)).RunAsync();
    }

    /// <summary>Rows, chain and folder, all three.</summary>
    public async Task HoldsAsync()
    {
        (await RowsAsync()).ShouldBeEmpty();
        (await ChainAsync()).ShouldBeEmpty();
        (await FolderAsync()).Breaches.ShouldBeEmpty();
    }

    /// <summary>What the job does when it is due.</summary>
    public Task<RunNowOutcome> RunJobAsync(string name = "core.checkpoints") => Grid.Get<JobBoard>().RunNowAsync(name);

    /// <summary>With triggers out of the way, as the role that owns the schemas: whoever is that can do all of this.</summary>
    public Task<int> AttackAsync(string sql) =>
        Database.ExecuteAsync(
            TestRole.Owner,
            $"""
            alter table summoners_grid.card_instances disable trigger user;
            alter table summoners_grid.ownership_history disable trigger user;
            alter table summoners_grid.ownership_operations disable trigger user;
            alter table summoners_grid.audit_log disable trigger user;
            alter table core.audit_log disable trigger user;
            alter table core.checkpoints disable trigger user;
            {sql};
            """
        );

    public async ValueTask DisposeAsync()
    {
        await Grid.DisposeAsync();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>The real store, and a fault before or after something is put.</summary>
internal sealed class FaultyStore(IObjectStore store) : IObjectStore
{
    /// <summary>Fails before this is put, as a store that is out of reach does.</summary>
    public Func<string, bool> FailsBefore { get; set; } = _ => false;

    /// <summary>Fails after this was put, as a process that dies does.</summary>
    public Func<string, bool> FailsAfter { get; set; } = _ => false;

    public string Where => store.Where;

    public async Task<PutOutcome> PutAsync(ObjectName name, Stream content, CancellationToken cancellationToken = default)
    {
        if (FailsBefore(name.ToString()))
            throw new GamekeeperException("storage.unavailable", "broken on purpose");
        var outcome = await store.PutAsync(name, content, cancellationToken);
        return FailsAfter(name.ToString()) ? throw new GamekeeperException("storage.unavailable", "died on purpose") : outcome;
    }

    public Task<Stream?> GetAsync(ObjectName name, CancellationToken cancellationToken = default) => store.GetAsync(name, cancellationToken);

    public Task<StoredObject?> HeadAsync(ObjectName name, CancellationToken cancellationToken = default) => store.HeadAsync(name, cancellationToken);

    public IAsyncEnumerable<ObjectName> ListAsync(string prefix, CancellationToken cancellationToken = default) => store.ListAsync(prefix, cancellationToken);
}
