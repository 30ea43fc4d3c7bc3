using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Ownership.Compensating;
using Gamekeeper.SummonersGrid.Ownership.Lineage;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Ownership.Compensating;

/// <summary>A hacker duped a card, bought Bob's with it and Carol's with Bob's. Everyone else did nothing wrong.</summary>
public abstract class Incident : IAsyncLifetime
{
    private protected GridWorld World { get; private set; } = null!;

    private protected Actor House { get; private set; } = null!;

    private protected Actor Hacker { get; private set; } = null!;

    private protected Actor Bob { get; private set; } = null!;

    private protected Actor Carol { get; private set; } = null!;

    private protected Guid Mint { get; private set; }

    private protected Guid Dupe { get; private set; }

    private protected Guid BobsCard { get; private set; }

    private protected Guid CarolsCard { get; private set; }

    public async ValueTask InitializeAsync()
    {
        World = await GridWorld.CreateAsync();
        (House, Hacker, Bob, Carol) = (
            await World.NewPlayerAsync(), await World.NewPlayerAsync(), await World.NewPlayerAsync(), await World.NewPlayerAsync());
        (BobsCard, CarolsCard) = ((await World.MintAsync(Bob, 1))[0], (await World.MintAsync(Carol, 1))[0]);
        var minted = (await World.Get<MintCards>().RunAsync(World.Service, new MintOrder(Hacker.Key, ["alpha-001"]), World.NewKey()))
            .ShouldBeOfType<MintOutcome.Minted>();
        (Mint, Dupe) = (minted.OperationId, minted.CardIds[0]);
        await TradeAsync(Hacker, Dupe, Bob, BobsCard);
        await TradeAsync(Hacker, BobsCard, Carol, CarolsCard);
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task TradeAsync(Actor a, Guid given, Actor b, Guid taken) =>
        (await World.AcceptAsync(b, await World.ProposeAsync(a, b, [given], [taken]))).ShouldBeOfType<AcceptTradeOutcome.Accepted>();

    private protected Task<PlanCompensationOutcome> AskAsync(LineageStart? start = null, Guid? quarantine = null) =>
        World.Get<PlanCompensation>()
            .RunAsync(World.Service, new CompensationRequest(start ?? new LineageStart.OfOperation(Mint), [Hacker.Key], quarantine ?? House.Key));

    private protected async Task<Compensation> PlanAsync() => (await AskAsync()).ShouldBeOfType<PlanCompensationOutcome.Planned>().Compensation;

    private protected Task<ApplyCompensationOutcome> ApplyAsync(Compensation plan, Actor? by = null) =>
        World.Get<ApplyCompensation>().RunAsync(by ?? World.Service, plan.Id, "duped by a bug of the shop");

    private protected async Task OwnersShouldBeAsync(Actor dupe, Actor bobs, Actor carols)
    {
        (await World.OwnerOfAsync(Dupe)).ShouldBe(dupe.Key);
        (await World.OwnerOfAsync(BobsCard)).ShouldBe(bobs.Key);
        (await World.OwnerOfAsync(CarolsCard)).ShouldBe(carols.Key);
    }
}
