using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Trading;

/// <summary>Two players with four cards each.</summary>
public abstract class TwoTraders : IAsyncLifetime
{
    private protected GridWorld World { get; private set; } = null!;

    private protected Actor A { get; private set; } = null!;

    private protected Actor B { get; private set; } = null!;

    /// <summary>The cards of A.</summary>
    private protected IReadOnlyList<Guid> As { get; private set; } = null!;

    /// <summary>The cards of B.</summary>
    private protected IReadOnlyList<Guid> Bs { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        World = await GridWorld.CreateAsync();
        (A, B) = (await World.NewPlayerAsync(), await World.NewPlayerAsync());
        (As, Bs) = (await World.MintAsync(A, 4), await World.MintAsync(B, 4));
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
