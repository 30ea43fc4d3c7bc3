using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Decks;

public sealed class DecksFollowTheirCardsTests : IAsyncLifetime
{
    private GridWorld _world = null!;
    private Actor _a = null!;
    private Actor _b = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await GridWorld.CreateAsync();
        (_a, _b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("summonSlots.slot2")]
    [InlineData("mainDeck")]
    [InlineData("advanceDeck")]
    public async Task A_card_that_leaves_takes_the_deck_s_validity_along_and_brings_it_back(string field)
    {
        var deck = await Drafts.SavedAsync(_world, _a);
        var card = field switch
        {
            "mainDeck" => deck.MainDeck[3],
            "advanceDeck" => deck.AdvanceDeck[0],
            _ => deck.Summons()["slot2"],
        };

        await _world.TransferAsync(card, _a, _b);

        var left = await ReadAsync(deck);
        left.IsValid.ShouldBeFalse();
        left.Faults().ShouldBe([new DeckFault("cards.not-owned", field, "is not a card of the deck's owner", card)]);
        left.Version.ShouldBe(2);
        (await EventsAsync(deck)).ShouldBe([1, 2]);

        await _world.TransferAsync(card, _b, _a);

        var back = await ReadAsync(deck);
        (back.IsValid, back.ValidationErrors, back.Version).ShouldBe((true, null, 3L));
        (await EventsAsync(deck)).ShouldBe([1, 2, 3]);
        (await _world.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_else_was_wrong_with_the_deck_stays_so_while_cards_come_and_go()
    {
        var good = await Drafts.ValidAsync(_world, _a);
        var foreign = (await Drafts.MintAsync(_world, _b, "summon", 1))[0];
        // One slot too few, a summon in the main deck that is not theirs, a card twice.
        var deck = await Drafts.CreateAsync(
            _world,
            _a,
            good with
            {
                SummonSlots = good.SummonSlots.Take(2).ToDictionary(),
                MainDeck = [.. good.MainDeck, foreign, good.MainDeck[0]],
            }
        );
        var before = deck.ValidationErrors;
        deck.Faults().Select(f => f.Code).ShouldBe(["decks.slot-empty", "decks.card-twice", "decks.wrong-type", "cards.not-owned"]);

        await _world.TransferAsync(good.MainDeck[5], _a, _b);
        var one = await ReadAsync(deck);
        one.Faults().Select(f => f.Code).ShouldBe(["decks.slot-empty", "decks.card-twice", "decks.wrong-type", "cards.not-owned", "cards.not-owned"]);
        // The same words and order that saving it now would have found.
        var again = (await _world.Get<ChangeDeck>().MergeAsync(_a, deck.Id, new DeckChange("Saved again"))).ShouldBeOfType<SaveDeckOutcome.Saved>().Deck;
        again.Faults().ShouldBe(one.Faults());

        await _world.TransferAsync(good.MainDeck[5], _b, _a);
        await _world.TransferAsync(foreign, _b, _a);
        var gained = await ReadAsync(deck);
        gained.Faults().Select(f => f.Code).ShouldBe(["decks.slot-empty", "decks.card-twice", "decks.wrong-type"]);
        gained.IsValid.ShouldBeFalse();

        await _world.TransferAsync(foreign, _a, _b);
        (await ReadAsync(deck)).Faults().ShouldBe(Parsed(before));
    }

    [Fact]
    public async Task A_trade_touches_the_decks_of_both_sides_and_only_those()
    {
        var (decks, untouched) = (new[] { await Drafts.SavedAsync(_world, _a), await Drafts.SavedAsync(_world, _b) }, await Drafts.SavedAsync(_world, _a));
        var (given, taken) = (decks[0].MainDeck[0], decks[1].MainDeck[0]);
        // Already names the card that is about to come.
        var waiting = await Drafts.CreateAsync(_world, _a, await Drafts.ValidAsync(_world, _a) is var d ? d with { MainDeck = [.. d.MainDeck, taken] } : null!);
        waiting.IsValid.ShouldBeFalse();
        var trade = await _world.ProposeAsync(_a, _b, [given], [taken]);

        (await _world.AcceptAsync(_b, trade)).ShouldBeOfType<AcceptTradeOutcome.Accepted>();

        foreach (var deck in decks)
            (await ReadAsync(deck)).Faults().ShouldHaveSingleItem().Code.ShouldBe("cards.not-owned");
        (await ReadAsync(waiting)).IsValid.ShouldBeTrue((await ReadAsync(waiting)).ValidationErrors);
        (await ReadAsync(untouched)).Version.ShouldBe(1);
        (await _world.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Raw_sql_that_moves_or_deletes_cards_is_followed_too()
    {
        var (first, second) = (await Drafts.SavedAsync(_world, _a), await Drafts.SavedAsync(_world, _a));
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"update summoners_grid.card_instances set owner_id = '{_b.Key}' where id in ('{first.MainDeck[0]}', '{second.MainDeck[1]}')"
        );
        (await ReadAsync(first)).Faults().ShouldHaveSingleItem().Card.ShouldBe(first.MainDeck[0]);
        (await ReadAsync(second)).Faults().ShouldHaveSingleItem().Card.ShouldBe(second.MainDeck[1]);

        var third = await Drafts.SavedAsync(_world, _b);
        await _world.Database.ExecuteAsync(TestRole.Superuser, $"delete from summoners_grid.card_instances where id = '{third.AdvanceDeck[0]}'");
        (await ReadAsync(third)).Faults().ShouldHaveSingleItem().Card.ShouldBe(third.AdvanceDeck[0]);
    }

    [Fact]
    public async Task A_deck_that_was_never_judged_is_not_made_valid_by_a_card()
    {
        var card = (await Drafts.MintAsync(_world, _b, "action", 1))[0];
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $$"""insert into summoners_grid.decks (owner_id, name, summon_slots, main_deck, advance_deck) values ('{{_a.Key}}', 'Raw', '{}', '{{{card}}}', '{}')"""
        );
        await _world.TransferAsync(card, _b, _a);
        (await _world.Database.ScalarAsync<bool>(TestRole.Superuser, "select is_valid from summoners_grid.decks")).ShouldBeFalse();
    }

    [Fact]
    public async Task By_no_path_is_a_deck_written_as_valid_without_its_cards()
    {
        var deck = await Drafts.SavedAsync(_world, _a);
        var foreign = (await Drafts.MintAsync(_world, _b, "action", 1))[0];
        foreach (
            var sql in new[]
            {
                $"update summoners_grid.decks set main_deck = main_deck || '{foreign}'::uuid",
                $"update summoners_grid.decks set summon_slots = summon_slots || '{{\"slot1\": {{\"card\": \"{foreign}\"}}}}'",
                $"update summoners_grid.decks set summon_slots = summon_slots || '{{\"slot1\": \"{foreign}\"}}'",
                $"update summoners_grid.decks set owner_id = '{_b.Key}'",
                $"insert into summoners_grid.decks (owner_id, name, summon_slots, main_deck, advance_deck, is_valid) values ('{_a.Key}', 'Raw', '{{}}', '{{{foreign}}}', '{{}}', true)",
            }
        )
        {
            var refused = await Should.ThrowAsync<Npgsql.PostgresException>(() => _world.Database.ExecuteAsync(TestRole.Superuser, sql), sql);
            (refused.SqlState, refused.ConstraintName).ShouldBe(("23514", "decks_valid_cards_are_owned"), sql);
        }
        (await Should.ThrowAsync<Npgsql.PostgresException>(() =>
            _world.Database.ExecuteAsync(TestRole.Superuser, "update summoners_grid.decks set validation_errors = '[]'")
        )).ConstraintName.ShouldBe("decks_valid_without_errors");
        (await ReadAsync(deck)).ShouldSatisfyAllConditions(d => d.IsValid.ShouldBeTrue(), d => d.Version.ShouldBe(1));
    }

    [Fact]
    public async Task Verification_finds_a_private_deck_that_claims_cards_it_has_not()
    {
        var deck = await Drafts.SavedAsync(_world, _a);
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"set session_replication_role = replica; update summoners_grid.decks set main_deck = main_deck || gen_random_uuid() where id = '{deck.Id}'"
        );
        var breach = (await _world.BreachesAsync()).ShouldHaveSingleItem();
        (breach.Invariant, breach.Breach.Key).ShouldBe(("summoners_grid.decks-hold-their-cards", deck.Id.ToString()));
    }

    private async Task<Deck> ReadAsync(Deck deck) => (await _world.Get<DeckRepository>().FindAsync(_world.Service, deck.Id))!;

    private async Task<IReadOnlyList<long>> EventsAsync(Deck deck) =>
        await _world.Database.ListAsync<long>(
            TestRole.Superuser,
            $"select version from summoners_grid.outbox where topic = 'deck.changed' and subject = '{deck.Id}' order by id"
        );

    private static IReadOnlyList<DeckFault> Parsed(string? errors) =>
        new Deck { Name = "", SummonSlots = "{}", MainDeck = [], AdvanceDeck = [], ValidationErrors = errors }.Faults();
}
