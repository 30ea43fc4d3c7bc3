using Gamekeeper.SummonersGrid.Ownership.Compensating;
using Gamekeeper.SummonersGrid.Ownership.Lineage;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.SummonersGrid.Ownership.Lineage;

/// <summary>Whole economies with planted bad events, held against a model that knows the rule and none of the code.</summary>
public sealed class SyntheticEconomyTests : IAsyncLifetime
{
    private GridWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await GridWorld.CreateAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(1, 30, 200)]
    [InlineData(2, 30, 200)]
    [InlineData(3, 80, 2500)]
    public async Task Duped_cards_are_found_with_all_they_bought_and_everyone_is_put_right(int seed, int players, int deals)
    {
        var economy = new SyntheticEconomy(_world, seed);
        await economy.SettleAsync(players, cardsEach: 10);
        await economy.LiveAsync(deals);
        var hacker = economy.Anyone();
        var dupes = await economy.MintAsync(hacker, 4);
        await economy.LiveAsync(120);
        // A second mint at the end: found, and put right, beside everything that goes on.
        var late = await economy.MintAsync(hacker, 3);
        await economy.LiveAsync(30);

        await FollowsTheModelAsync(economy, late, new HashSet<Guid> { hacker.Key });
        await FollowsTheModelAsync(economy, dupes, new HashSet<Guid> { hacker.Key }, isWide: true);
        var owners = await economy.OwnersAsync();
        owners.Count(o => o.Value == economy.House.Key).ShouldBeGreaterThanOrEqualTo(4, "every dupe of the first mint");
        economy.Model.Descendants(dupes).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(11, false)]
    [InlineData(12, true)]
    public async Task A_stolen_account_s_trade_is_undone_with_all_that_followed(int seed, bool isWide)
    {
        var economy = new SyntheticEconomy(_world, seed);
        await economy.SettleAsync(players: 30, cardsEach: 10);
        await economy.LiveAsync(200);
        var (victim, thief) = (economy.Players[0], economy.Players[1]);
        var bad = await economy.TradeAsync(victim, [.. economy.Collection(victim).Take(3)], thief, [economy.Collection(thief)[0]]);
        await economy.LiveAsync(80);

        await FollowsTheModelAsync(economy, bad, new HashSet<Guid> { thief.Key }, isWide);
    }

    [Theory]
    [InlineData(21, false)]
    [InlineData(22, true)]
    [InlineData(23, true)]
    public async Task Closed_accounts_keep_what_cannot_go_back_and_no_bystander_loses_by_it(int seed, bool isWide)
    {
        var economy = new SyntheticEconomy(_world, seed);
        await economy.SettleAsync(players: 30, cardsEach: 10);
        await economy.LiveAsync(100);
        var hacker = economy.Anyone();
        var dupes = await economy.MintAsync(hacker, 6);
        await economy.LiveAsync(150);
        // The hacker leaves too: what only passes through a closed account goes back all the same.
        foreach (var gone in economy.Players.Where(p => p != hacker).Take(3).Append(hacker))
        {
            economy.Model.Closed.Add(gone.Key);
            await _world.Database.ExecuteAsync(TestRole.Superuser, $"update summoners_grid.users set is_active = false where id = '{gone.Key}'");
        }

        await FollowsTheModelAsync(economy, dupes, new HashSet<Guid> { hacker.Key }, isWide);
    }

    [Theory]
    [InlineData(31, false)]
    [InlineData(32, true)]
    public async Task Nobody_bad_means_everybody_is_owed(int seed, bool isWide)
    {
        var economy = new SyntheticEconomy(_world, seed);
        await economy.SettleAsync(players: 20, cardsEach: 10);
        var dupes = await economy.MintAsync(economy.Players[3], 5);
        await economy.LiveAsync(60);

        await FollowsTheModelAsync(economy, dupes, new HashSet<Guid>(), isWide);
    }

    private async Task FollowsTheModelAsync(SyntheticEconomy economy, Guid bad, IReadOnlySet<Guid> badPlayers, bool isWide = false)
    {
        var model = economy.Model;
        (await economy.OwnersAsync()).ShouldBe(model.Owners(), ignoreOrder: true);

        var lineage = (await _world.Get<TraceLineage>().RunAsync(new LineageStart.OfOperation(bad)))
            .ShouldBeOfType<LineageOutcome.Traced>()
            .Lineage;
        var descendants = model.Descendants(bad);
        lineage.Cards.Select(c => c.Id).ShouldBe(descendants, ignoreOrder: true);
        lineage.Cards.ToDictionary(c => c.Id, c => c.Depth).ShouldBe(model.Depths(bad), ignoreOrder: true);
        descendants.Count.ShouldBeLessThan(model.Owners().Count, "a story in which everything is tainted proves little");

        var undone = model.Undone(bad, badPlayers, isWide);
        undone.ShouldNotBeEmpty();
        BystandersGetBackWhatTheyGave(model, undone, badPlayers);

        var plan = (await _world.Get<PlanCompensation>()
            .RunAsync(_world.Service, new CompensationRequest(new LineageStart.OfOperation(bad), [.. badPlayers], economy.House.Key, isWide)))
            .ShouldBeOfType<PlanCompensationOutcome.Planned>()
            .Compensation;
        (await economy.OwnersAsync()).ShouldBe(model.Owners(), ignoreOrder: true, "a plan moves nothing");
        (await _world.Get<ApplyCompensation>().RunAsync(_world.Service, plan.Id, "a test")).ShouldBeOfType<ApplyCompensationOutcome.Applied>();

        var expected = model.Replay(undone);
        (await economy.OwnersAsync()).ShouldBe(expected, ignoreOrder: true);
        (await _world.BreachesAsync()).ShouldBeEmpty();
        // From here on the model's history is what counts: what was taken back never happened.
        Forget(model, undone);
    }

    private static void BystandersGetBackWhatTheyGave(EconomyModel model, HashSet<(int Deal, Guid Card)> undone, IReadOnlySet<Guid> badPlayers)
    {
        foreach (var (index, card) in undone.Where(u => model.Deals[u.Deal].IsTrade))
        {
            var loser = model.Deals[index].Handovers.Single(h => h.Card == card).To;
            if (!badPlayers.Contains(loser))
                model.Deals[index].Handovers.Where(h => h.From == loser).All(h => undone.Contains((index, h.Card))).ShouldBeTrue($"{loser} lost {card}");
        }
    }

    private static void Forget(EconomyModel model, HashSet<(int Deal, Guid Card)> undone)
    {
        for (var i = 0; i < model.Deals.Count; i++)
        {
            model.Housed.UnionWith(model.Deals[i].Handovers.Where(h => h.From is null && undone.Contains((i, h.Card))).Select(h => h.Card));
            model.Deals[i] = model.Deals[i] with { Handovers = [.. model.Deals[i].Handovers.Where(h => !undone.Contains((i, h.Card)))] };
        }
    }
}
