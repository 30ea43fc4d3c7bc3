using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Cards.Import;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Trading;

namespace Gamekeeper.Tests.SummonersGrid.Cards;

/// <summary>A published game's cards, which nobody here wrote, all the way through.</summary>
public sealed class RealCardSetTests : IAsyncLifetime
{
    private GridWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await GridWorld.CreateAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task It_is_imported_searched_minted_traded_and_verified()
    {
        var file = RealCardSet.Find();
        Assert.SkipWhen(file is null, "No real-card-set.json in a data folder beside this checkout, nor in GAMEKEEPER_REAL_CARD_SET.");
        (await ImportAsync(file)).ShouldBe(new ImportOutcome.Imported(113, 0, 0));
        (await ImportAsync(file)).ShouldBe(new ImportOutcome.Imported(0, 0, 113));

        var found = await SearchAsync("fire");
        found.ShouldContain("nr-01003", "its flavour text asks about setting something on fire");
        (await _world.Get<CardTemplateRepository>().FindAsync("nr-01002"))!.Name.ShouldBe("Déjà Vu");

        var (a, b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        var order = new MintOrder(a.Key, [.. Enumerable.Range(1, 113).Select(i => $"nr-{1000 + i:00000}")]);
        var minted = (await _world.Get<MintCards>().RunAsync(_world.Service, order, _world.NewKey())).ShouldBeOfType<MintOutcome.Minted>();
        var theirs = await _world.MintAsync(b, 1);
        var trade = await _world.ProposeAsync(a, b, [.. minted.CardIds.Take(100)], theirs);
        (await _world.AcceptAsync(b, trade)).ShouldBeOfType<AcceptTradeOutcome.Accepted>();
        (await _world.Get<OwnershipHistory>().VerifyAsync(minted.CardIds[0]))!.Value.Verdict.ShouldBe(new CardVerdict.Intact(2));
        (await _world.BreachesAsync()).ShouldBeEmpty();
    }

    private async Task<ImportOutcome> ImportAsync(string file)
    {
        await using var stream = File.OpenRead(file);
        return await _world.Get<ImportTemplates>().RunAsync(_world.Service, stream);
    }

    private async Task<IReadOnlyList<string>> SearchAsync(string words)
    {
        var outcome = await _world.Get<CardTemplateRepository>().ListAsync(new TemplateQuestion(words), new PageRequest(new PageSize(200)));
        return [.. outcome.ShouldBeOfType<PageOutcome<CardTemplate>.Given>().Page.Items.Select(t => t.Id)];
    }
}
