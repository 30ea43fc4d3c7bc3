using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.SummonersGrid.Matches;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid.Decks;
using Gamekeeper.Tests.SummonersGrid.Matches;

namespace Gamekeeper.Tests.SummonersGrid.Cards;

public sealed class TemplateUsesTests : TwoPlayers
{
    [Fact]
    public async Task What_a_finished_match_was_played_with_is_counted_once_by_the_job()
    {
        var (match, key) = (await StartAsync(), World.NewKey());
        var report = new MatchReport(A.Key, TemplateIds: ["alpha-002", "alpha-001", "alpha-002"]);
        await World.Get<FinishMatch>().RunAsync(World.Service, match.Id, report, key);
        await World.Get<FinishMatch>().RunAsync(World.Service, match.Id, report, key);
        await World.Get<FinishMatch>().RunAsync(World.Service, match.Id, report, World.NewKey());
        (await UsageAsync("alpha-002")).ShouldBe(0, "counted in batches");

        (await CountAsync()).ShouldBe("3 uses counted");
        (await UsageAsync("alpha-001")).ShouldBe(1);
        (await UsageAsync("alpha-002")).ShouldBe(2);
        (await CountAsync()).ShouldBe("0 uses counted");
        (await World.Get<CardTemplateRepository>().MostUsedAsync(2)).Select(t => t.Id).ShouldBe(["alpha-002", "alpha-001"]);
    }

    [Fact]
    public async Task A_template_that_comes_into_a_deck_is_a_use_and_one_that_stays_is_none()
    {
        var change = World.Get<ChangeDeck>();
        var cards = await World.MintAsync(A, 3);
        var second = (await World.Get<MintCards>().RunAsync(World.Service, new MintOrder(A.Key, ["alpha-001"]), World.NewKey()))
            .ShouldBeOfType<MintOutcome.Minted>().CardIds[0];
        var deck = await Drafts.CreateAsync(World, A, Drafts.Empty() with { MainDeck = [cards[0], second], AdvanceDeck = [cards[1]] });
        (await CountAsync()).ShouldBe("2 uses counted", "two copies of one template in a deck are one use");

        await change.MergeAsync(A, deck.Id, new DeckChange("Renamed"));
        await change.MergeAsync(A, deck.Id, new DeckChange(MainDeck: [second]));
        (await CountAsync()).ShouldBe("0 uses counted");
        await change.MergeAsync(A, deck.Id, new DeckChange(MainDeck: [cards[0], cards[2]]));
        (await CountAsync()).ShouldBe("1 uses counted");
        (await UsageAsync("alpha-001")).ShouldBe(1);
        (await UsageAsync("alpha-003")).ShouldBe(1);

        var fourth = await Drafts.MintAsync(World, A, ["alpha-004"]);
        await change.MergeAsync(A, deck.Id, new DeckChange(SummonSlots: new Dictionary<string, Guid?> { ["slot1"] = cards[1], ["slot2"] = fourth[0] }));
        (await CountAsync()).ShouldBe("1 uses counted", "a slot counts like a list, and what a list had before is none");
    }

    [Fact]
    public async Task Counting_leaves_the_catalogue_s_version_and_counts_each_use_once_however_many_count()
    {
        var before = await VersionAsync();
        await World.Database.ExecuteAsync(TestRole.Superuser, "insert into summoners_grid.template_uses (template_id, uses) select 'alpha-00' || i % 3 + 1, 1 from generate_series(1, 20000) i");
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => World.Get<CountTemplateUses>().RunAsync(CancellationToken.None)));
        await CountAsync();
        (await World.Database.ScalarAsync<long>(TestRole.App, "select sum(usage_count) from summoners_grid.card_templates")).ShouldBe(20000);
        (await VersionAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_count_stops_at_the_largest_number_and_a_use_of_no_template_is_dropped()
    {
        await World.Database.ExecuteAsync(
            TestRole.Superuser,
            "insert into summoners_grid.template_uses (template_id, uses) values ('alpha-001', 2147483647), ('alpha-001', 2147483647), ('gone', 1)"
        );
        await CountAsync();
        (await UsageAsync("alpha-001")).ShouldBe(int.MaxValue);
        (await CountAsync()).ShouldBe("0 uses counted");
    }

    private Task<string> CountAsync() => World.Get<CountTemplateUses>().RunAsync(CancellationToken.None);

    private Task<int> UsageAsync(string template) =>
        World.Database.ScalarAsync<int>(TestRole.App, $"select usage_count from summoners_grid.card_templates where id = '{template}'");

    private Task<long> VersionAsync() => World.Database.ScalarAsync<long>(TestRole.App, "select version from summoners_grid.catalogue_version");
}
