using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.SummonersGrid.Catalogue;

/// <summary>A migrated database with the Alpha set, shared by tests that only ask its catalogues or are refused.</summary>
public sealed class CatalogueDatabase : IAsyncLifetime
{
    internal GridWorld World { get; private set; } = null!;

    internal TestDatabase Database => World.Database;

    public async ValueTask InitializeAsync() => World = await GridWorld.CreateAsync();

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
