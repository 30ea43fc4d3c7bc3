using Gamekeeper.Accounts;
using Gamekeeper.Idempotency;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Packs;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Cards;

public sealed class MintCardsTests : IAsyncLifetime
{
    private GridWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await GridWorld.CreateAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Five_hundred_templates_with_repeats_make_five_hundred_cards()
    {
        var player = await _world.NewPlayerAsync();
        var cards = await _world.MintAsync(player, 500);
        cards.Distinct().Count().ShouldBe(500);
        (await OwnedAsync(player)).Count.ShouldBe(500);
        (await _world.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ten_thousand_cards_are_one_transaction_and_one_signature()
    {
        var player = await _world.NewPlayerAsync();
        await _world.MintAsync(player, 10_000);
        var transactions = await _world.Database.ScalarAsync<long>(
            TestRole.Superuser,
            """
            select count(distinct xmin::text) from (
              select xmin from summoners_grid.card_instances
              union all select xmin from summoners_grid.ownership_history
              union all select xmin from summoners_grid.ownership_operations) written
            """
        );
        transactions.ShouldBe(1);
        (await _world.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from summoners_grid.ownership_operations")).ShouldBe(1);
        (await _world.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from summoners_grid.card_instances")).ShouldBe(10_000);
    }

    [Fact]
    public async Task A_mint_takes_two_round_trips_once_the_player_is_known()
    {
        await using var counted = await GridWorld.CreateAsync(new TestDatabaseOptions(CountRoundTrips: true));
        var player = await counted.NewPlayerAsync();
        await counted.MintAsync(player, 10);
        await counted.MintAsync(player, 10);
        var turns = await counted.Database.RoundTrips.MeasureAsync(() => counted.MintAsync(player, 10));
        // One more asks which catalogue is current, before the transaction.
        turns.ShouldBe(3);
    }

    [Fact]
    public async Task The_same_order_under_the_same_key_mints_once_and_answers_the_same()
    {
        var player = await _world.NewPlayerAsync();
        var order = new MintOrder(player.Key, ["alpha-003", "alpha-001", "alpha-002", "alpha-001"]);
        var key = _world.NewKey();
        var mint = _world.Get<MintCards>();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => mint.RunAsync(_world.Service, order, key)));
        var minted = answers.Select(a => a.ShouldBeOfType<MintOutcome.Minted>()).ToList();
        minted.Count(m => !m.IsReplay).ShouldBe(1);
        foreach (var answer in minted)
            answer.CardIds.ShouldBe(minted[0].CardIds);
        (await OwnedAsync(player)).Count.ShouldBe(4);
        var first = await _world.Get<CardRepository>().FindAsync(minted[0].CardIds[0]);
        first!.Template.Id.ShouldBe("alpha-003");
    }

    [Fact]
    public async Task A_key_stands_for_one_order_only()
    {
        var player = await _world.NewPlayerAsync();
        var key = _world.NewKey();
        var mint = _world.Get<MintCards>();
        await mint.RunAsync(_world.Service, new MintOrder(player.Key, ["alpha-001"]), key);
        (await mint.RunAsync(_world.Service, new MintOrder(player.Key, ["alpha-002"]), key)).ShouldBeOfType<MintOutcome.KeyReused>();
        (await OwnedAsync(player)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public async Task An_order_takes_1_to_10_000_cards(int count)
    {
        var player = await _world.NewPlayerAsync();
        var order = new MintOrder(player.Key, [.. Enumerable.Repeat("alpha-001", count)]);
        var outcome = await _world.Get<MintCards>().RunAsync(_world.Service, order, _world.NewKey());
        outcome.ShouldBeOfType<MintOutcome.Invalid>().Errors.Single().Problem.ShouldContain("1 to 10000");
    }

    [Fact]
    public async Task Unknown_players_and_templates_are_refused_and_nothing_is_minted()
    {
        var player = await _world.NewPlayerAsync();
        var mint = _world.Get<MintCards>();
        (await mint.RunAsync(_world.Service, new MintOrder(player.Key, ["alpha-001", "no-such"]), _world.NewKey()))
            .ShouldBeOfType<MintOutcome.UnknownTemplates>()
            .TemplateIds.ShouldBe(["no-such"]);
        var nobody = Guid.CreateVersion7();
        (await mint.RunAsync(_world.Service, new MintOrder(nobody, ["alpha-001"]), _world.NewKey()))
            .ShouldBeOfType<MintOutcome.UnknownPlayer>()
            .Player.ShouldBe(nobody);
        (await OwnedAsync(player)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Data_that_cannot_be_spelled_one_way_is_refused()
    {
        var player = await _world.NewPlayerAsync();
        foreach (var data in new[] { "[]", "not json", """{"price":1.5}""", """{"a":1,"a":2}""", """{"n":-9223372036854775808}""", $$"""{"a":"{{new string('x', 3000)}}"}""" })
        {
            var order = new MintOrder(player.Key, ["alpha-001"], Data: data);
            var outcome = await _world.Get<MintCards>().RunAsync(_world.Service, order, _world.NewKey());
            outcome.ShouldBeOfType<MintOutcome.Invalid>().Errors.Single().Field.ShouldBe("data");
        }
    }

    [Fact]
    public async Task Data_is_the_same_request_however_it_is_spelled_and_its_cards_verify()
    {
        var player = await _world.NewPlayerAsync();
        var key = _world.NewKey();
        var mint = _world.Get<MintCards>();
        (await mint.RunAsync(_world.Service, new MintOrder(player.Key, ["alpha-001"], Data: """{"b": 2, "a": "ü"}"""), key))
            .ShouldBeOfType<MintOutcome.Minted>();
        (await mint.RunAsync(_world.Service, new MintOrder(player.Key, ["alpha-001"], Data: """{"a":"ü","b":2}"""), key))
            .ShouldBeOfType<MintOutcome.Minted>()
            .IsReplay.ShouldBeTrue();
        (await _world.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_player_that_has_never_called_the_game_can_be_given_cards()
    {
        var outcome = await _world
            .Get<SignUp>()
            .RunAsync(new SignUpInput("newcomer", null, null, null), Actor.System(_world.Database.Clock));
        var account = outcome.ShouldBeOfType<SignUpOutcome.Created>().Account;
        (await _world.Get<PlayerRepository>().FindAsync(account.Id)).ShouldBeNull();
        await _world.MintAsync(Actor.Player(account.Id, _world.Database.Clock), 1);
        (await _world.Get<PlayerRepository>().FindAsync(account.Id))!.Username.ShouldBe("newcomer");
    }

    [Fact]
    public async Task A_booster_holds_eight_cards_with_a_rare_or_better_one()
    {
        var player = await _world.NewPlayerAsync();
        for (var i = 0; i < 20; i++)
            (await _world.Get<OpenPack>().RunAsync(_world.Service, "alpha-booster", player.Key, _world.NewKey()))
                .ShouldBeOfType<OpenPackOutcome.Drawn>()
                .Mint.ShouldBeOfType<MintOutcome.Minted>()
                .CardIds.Count.ShouldBe(8);
        var rarities = (await OwnedAsync(player)).Select(c => c.Template.Rarity).ToList();
        rarities.Count(r => r is "rare" or "epic" or "legendary").ShouldBeGreaterThanOrEqualTo(20);
        rarities.Count(r => r == "common").ShouldBe(100);
    }

    [Fact]
    public async Task A_pack_opened_twice_under_one_key_is_one_pack()
    {
        var player = await _world.NewPlayerAsync();
        var key = new IdempotencyKey("one-pack");
        var first = await OpenAsync();
        var second = await OpenAsync();
        second.IsReplay.ShouldBeTrue();
        second.CardIds.ShouldBe(first.CardIds);

        async Task<MintOutcome.Minted> OpenAsync() =>
            (await _world.Get<OpenPack>().RunAsync(_world.Service, "alpha-starter", player.Key, key))
                .ShouldBeOfType<OpenPackOutcome.Drawn>()
                .Mint.ShouldBeOfType<MintOutcome.Minted>();
    }

    [Fact]
    public async Task There_is_no_such_pack()
    {
        var player = await _world.NewPlayerAsync();
        (await _world.Get<OpenPack>().RunAsync(_world.Service, "no-such", player.Key, _world.NewKey())).ShouldBeOfType<OpenPackOutcome.UnknownPack>();
    }

    private async Task<List<OwnedCard>> OwnedAsync(Actor player)
    {
        var cards = new List<OwnedCard>();
        string? cursor = null;
        do
        {
            var outcome = await _world.Get<CardRepository>().ByOwnerAsync(player.Key, new PageRequest(new PageSize(200), cursor));
            var page = outcome.ShouldBeOfType<PageOutcome<OwnedCard>.Given>().Page;
            cards.AddRange(page.Items);
            cursor = page.NextCursor;
        } while (cursor is not null);
        cards.Select(c => c.Card.Id).Distinct().Count().ShouldBe(cards.Count);
        return cards;
    }
}
