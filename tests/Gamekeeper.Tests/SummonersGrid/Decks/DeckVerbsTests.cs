using Gamekeeper.Idempotency;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.SummonersGrid.Decks;

public sealed class DeckVerbsTests : IAsyncLifetime
{
    private GridWorld _world = null!;
    private Actor _player = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await GridWorld.CreateAsync(new TestDatabaseOptions(Modules: b => TestModules.AddAll(b).AddDeckFormat(Duel)));
        _player = await _world.NewPlayerAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static readonly DeckFormat Duel = new()
    {
        Name = "duel",
        Slots = ["champion"],
        SlotTypes = ["summon"],
        MainMin = 0,
        MainMax = 2,
        MainTypes = ["action", "summon"],
        AdvanceMax = 0,
        AdvanceTypes = [],
        MaxCopies = 1,
    };

    [Fact]
    public async Task A_deck_that_keeps_to_its_format_is_valid_and_names_its_templates()
    {
        var deck = await Drafts.SavedAsync(_world, _player);
        deck.ValidationErrors.ShouldBeNull();
        deck.Version.ShouldBe(1);
        deck.SummonSlots.ShouldContain("alpha-001");
        var read = (await _world.Get<DeckRepository>().FindAsync(_player, deck.Id))!;
        (read.IsValid, read.Version, read.UpdatedAt, read.CreatedAt).ShouldBe((true, 1, deck.UpdatedAt, deck.CreatedAt));
        read.Summons().ShouldBe(deck.Summons());
    }

    [Fact]
    public async Task A_card_that_the_owner_does_not_hold_is_stored_with_its_reason_and_fixing_it_makes_the_deck_valid()
    {
        var other = await _world.NewPlayerAsync();
        var foreign = (await Drafts.MintAsync(_world, other, "action", 1))[0];
        var nobodys = Guid.CreateVersion7();
        var good = await Drafts.ValidAsync(_world, _player);
        var bad = good with { MainDeck = [.. good.MainDeck, foreign, nobodys] };

        var deck = await Drafts.CreateAsync(_world, _player, bad);

        deck.IsValid.ShouldBeFalse();
        deck.Faults().Select(f => (f.Code, f.Field, f.Card)).ShouldBe(
            [("cards.not-owned", "mainDeck", foreign), ("cards.not-owned", "mainDeck", nobodys)],
            ignoreOrder: true
        );
        (await _world.Get<DeckRepository>().FindAsync(_player, deck.Id))!.Faults().ShouldBe(deck.Faults());

        var mended = (await _world.Get<ChangeDeck>().ReplaceAsync(_player, deck.Id, good, deck.Version)).ShouldBeOfType<SaveDeckOutcome.Saved>().Deck;
        mended.IsValid.ShouldBeTrue(mended.ValidationErrors);
        var read = (await _world.Get<DeckRepository>().FindAsync(_player, deck.Id))!;
        (read.IsValid, read.ValidationErrors, read.Version, read.UpdatedAt).ShouldBe((true, null, 2L, mended.UpdatedAt));
    }

    [Fact]
    public async Task Every_rule_of_the_format_has_its_own_reason()
    {
        var good = await Drafts.ValidAsync(_world, _player);
        var copies = await Drafts.MintAsync(_world, _player, ["alpha-001", "alpha-001", "alpha-001"]);
        var many = await Drafts.MintAsync(_world, _player, "action", 61);
        var advance = await Drafts.MintAsync(_world, _player, "advance", 16);

        await FaultsAsync(good with { MainDeck = [.. good.MainDeck.Take(14)] }, "decks.size mainDeck");
        await FaultsAsync(good with { MainDeck = many }, "decks.size mainDeck");
        await FaultsAsync(good with { AdvanceDeck = advance }, "decks.size advanceDeck");
        await FaultsAsync(good with { AdvanceDeck = [] });
        await FaultsAsync(good with { SummonSlots = good.SummonSlots.Where(s => s.Key != "slot2").ToDictionary() }, "decks.slot-empty summonSlots.slot2");
        await FaultsAsync(
            good with { SummonSlots = good.SummonSlots.Append(new("slot4", copies[0])).ToDictionary() },
            "decks.slot-unknown summonSlots.slot4"
        );
        await FaultsAsync(good with { MainDeck = [.. good.MainDeck, copies[0]] }, "decks.wrong-type mainDeck");
        await FaultsAsync(good with { AdvanceDeck = [many[0]] }, "decks.wrong-type advanceDeck");
        await FaultsAsync(
            good with { SummonSlots = new Dictionary<string, Guid>(good.SummonSlots) { ["slot3"] = advance[0] } },
            "decks.wrong-type summonSlots.slot3"
        );
        await FaultsAsync(good with { MainDeck = [.. good.MainDeck, good.MainDeck[0]] }, "decks.card-twice mainDeck");
        await FaultsAsync(
            good with { AdvanceDeck = [good.MainDeck[0]] },
            "decks.card-twice advanceDeck",
            "decks.wrong-type advanceDeck"
        );
        // Three more of the summon in the first slot make four.
        var fourth = await Drafts.MintAsync(_world, _player, [.. Enumerable.Repeat((await TemplateAsync(good.MainDeck[0]))!, 3)]);
        await FaultsAsync(good with { MainDeck = [.. good.MainDeck, .. fourth] }, "decks.too-many-copies mainDeck");
        await FaultsAsync(good with { MainDeck = [.. good.MainDeck, .. fourth.Take(2)] });
    }

    [Fact]
    public async Task A_studio_s_own_format_counts_beside_the_game_s()
    {
        var summons = await Drafts.MintAsync(_world, _player, "summon", 3);
        var draft = new DeckDraft("Duel", new Dictionary<string, Guid> { ["champion"] = summons[0] }, [summons[1]], [], "duel");

        await FaultsAsync(draft);
        await FaultsAsync(draft with { MainDeck = [.. draft.MainDeck, .. await Drafts.MintAsync(_world, _player, "action", 2)] }, "decks.size mainDeck");
        await FaultsAsync(draft with { Format = "3v3" }, "decks.size mainDeck", "decks.slot-empty summonSlots.slot1", "decks.slot-empty summonSlots.slot2", "decks.slot-empty summonSlots.slot3", "decks.slot-unknown summonSlots.champion", "decks.wrong-type mainDeck");
    }

    [Fact]
    public void A_format_that_contradicts_itself_is_refused_at_the_start()
    {
        foreach (
            var wrong in new[]
            {
                Duel with { Name = "" },
                Duel with { Name = "Two On Two" },
                Duel with { MainMin = 3 },
                Duel with { MainMax = 101 },
                Duel with { AdvanceMax = -1 },
                Duel with { MaxCopies = 0 },
                Duel with { Slots = ["a", "a"] },
                Duel with { Slots = [.. Enumerable.Range(0, 21).Select(i => $"s{i}")] },
            }
        )
            Should.Throw<GamekeeperException>(() => new DeckFormats([wrong])).Code.ShouldBe("configuration.invalid");
        new DeckFormats([Duel with { Name = "3v3" }]).TryFind("3v3", out var replaced).ShouldBeTrue();
        replaced!.Slots.ShouldBe(["champion"]);
    }

    [Fact]
    public async Task What_cannot_be_stored_is_an_input_error_and_changes_nothing()
    {
        var good = Drafts.Empty();
        await InvalidAsync(good with { Format = "2v2" }, "format");
        await InvalidAsync(good with { Name = " " }, "name");
        await InvalidAsync(good with { Name = new string('n', 101) }, "name");
        await InvalidAsync(good with { Name = "half \ud83d" }, "name");
        await InvalidAsync(good with { Description = new string('d', 2001) }, "description");
        await InvalidAsync(good with { Description = "no\0text" }, "description");
        await InvalidAsync(good with { MainDeck = [.. Enumerable.Range(0, 101).Select(_ => Guid.CreateVersion7())] }, "mainDeck");
        await InvalidAsync(good with { AdvanceDeck = [.. Enumerable.Range(0, 101).Select(_ => Guid.CreateVersion7())] }, "advanceDeck");
        await InvalidAsync(good with { SummonSlots = new Dictionary<string, Guid> { ["Slot 1"] = Guid.CreateVersion7() } }, "summonSlots");
        await InvalidAsync(good with { SummonSlots = Enumerable.Range(0, 21).ToDictionary(i => $"s{i}", _ => Guid.CreateVersion7()) }, "summonSlots");
        (await _world.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from summoners_grid.decks")).ShouldBe(0);

        async Task InvalidAsync(DeckDraft draft, string field) =>
            (await _world.Get<CreateDeck>().RunAsync(_player, draft, _world.NewKey()))
                .ShouldBeOfType<SaveDeckOutcome.Invalid>()
                .Errors.ShouldHaveSingleItem()
                .Field.ShouldBe(field);
    }

    [Fact]
    public async Task Creating_twice_under_one_key_makes_one_deck()
    {
        var create = _world.Get<CreateDeck>();
        var draft = await Drafts.ValidAsync(_world, _player);
        var key = new IdempotencyKey("one-deck");
        var both = await Task.WhenAll(create.RunAsync(_player, draft, key), create.RunAsync(_player, draft, key));
        var saved = both.Select(o => o.ShouldBeOfType<SaveDeckOutcome.Saved>()).ToList();

        saved.Select(s => s.Deck.Id).Distinct().ShouldHaveSingleItem();
        saved.Count(s => s.IsReplay).ShouldBe(1);
        var turned = draft with { SummonSlots = draft.SummonSlots.Reverse().ToDictionary() };
        (await create.RunAsync(_player, turned, key)).ShouldBeOfType<SaveDeckOutcome.Saved>().IsReplay.ShouldBeTrue();
        (await create.RunAsync(_player, draft with { Name = "Another" }, key)).ShouldBeOfType<SaveDeckOutcome.KeyReused>();
        await _world.Get<ChangeDeck>().DeleteAsync(_player, saved[0].Deck.Id);
        (await create.RunAsync(_player, draft, key)).ShouldBeOfType<SaveDeckOutcome.Unknown>();
    }

    [Fact]
    public async Task A_lost_update_is_refused_with_the_version_there_is()
    {
        var change = _world.Get<ChangeDeck>();
        var deck = await Drafts.SavedAsync(_world, _player);
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => change.ReplaceAsync(_player, deck.Id, Drafts.Empty($"Version {i}"), deck.Version)));

        both.Count(o => o is SaveDeckOutcome.Saved).ShouldBe(1);
        both.OfType<SaveDeckOutcome.VersionConflict>().ShouldHaveSingleItem().CurrentVersion.ShouldBe(2);
        (await change.MergeAsync(_player, deck.Id, new DeckChange("Third"), deck.Version)).ShouldBe(new SaveDeckOutcome.VersionConflict(2));
        (await change.DeleteAsync(_player, deck.Id, deck.Version)).ShouldBe(new DeleteDeckOutcome.VersionConflict(2));
        (await change.DeleteAsync(_player, deck.Id, 2)).ShouldBeOfType<DeleteDeckOutcome.Deleted>();
        (await change.DeleteAsync(_player, deck.Id)).ShouldBeOfType<DeleteDeckOutcome.Unknown>();
    }

    [Fact]
    public async Task Many_who_merge_different_slots_at_once_all_get_what_they_wanted()
    {
        var change = _world.Get<ChangeDeck>();
        var good = await Drafts.ValidAsync(_world, _player);
        var deck = await Drafts.CreateAsync(_world, _player, good with { SummonSlots = new Dictionary<string, Guid>() });
        DeckChange[] changes =
        [
            .. good.SummonSlots.Select(s => new DeckChange(SummonSlots: new Dictionary<string, Guid?> { [s.Key] = s.Value })),
            new DeckChange("Merged"),
            new DeckChange(Description: "By many hands."),
            new DeckChange(IsPublic: true),
        ];

        var outcomes = await Task.WhenAll(changes.Select(c => change.MergeAsync(_player, deck.Id, c)));

        outcomes.ShouldAllBe(o => o is SaveDeckOutcome.Saved);
        var read = (await _world.Get<DeckRepository>().FindAsync(_player, deck.Id))!;
        read.Summons().ShouldBe(good.SummonSlots, ignoreOrder: true);
        (read.Name, read.Description, read.IsPublic, read.IsValid, read.Version).ShouldBe(("Merged", "By many hands.", true, true, 7));

        var emptied = (await change.MergeAsync(_player, deck.Id, new DeckChange(Description: "", SummonSlots: new Dictionary<string, Guid?> { ["slot2"] = null })))
            .ShouldBeOfType<SaveDeckOutcome.Saved>()
            .Deck;
        emptied.Description.ShouldBeNull();
        emptied.Faults().ShouldHaveSingleItem().ShouldBe(new DeckFault("decks.slot-empty", "summonSlots.slot2", "has no card"));
    }

    [Fact]
    public async Task A_player_has_at_most_200_decks()
    {
        await FillAsync(199);
        await Drafts.CreateAsync(_world, _player, Drafts.Empty());
        (await _world.Get<CreateDeck>().RunAsync(_player, Drafts.Empty(), _world.NewKey())).ShouldBe(new SaveDeckOutcome.TooMany(200));
    }

    [Fact]
    public async Task Of_many_who_make_the_last_deck_at_once_one_does()
    {
        await FillAsync(199);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _world.Get<CreateDeck>().RunAsync(_player, Drafts.Empty(), _world.NewKey())));
        outcomes.Count(o => o is SaveDeckOutcome.Saved).ShouldBe(1);
        outcomes.Count(o => o is SaveDeckOutcome.TooMany).ShouldBe(7);
    }

    [Fact]
    public async Task Public_decks_are_listed_page_by_page_last_changed_first()
    {
        var (a, b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        var shown = new List<Guid>();
        foreach (var owner in new[] { a, b, a, b, a })
        {
            shown.Add((await Drafts.CreateAsync(_world, owner, Drafts.Empty() with { IsPublic = true })).Id);
            await Drafts.CreateAsync(_world, owner, Drafts.Empty());
        }
        var decks = _world.Get<DeckRepository>();
        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = (await decks.PublicAsync(_player, new PageRequest(new PageSize(2), cursor))).ShouldBeOfType<PageOutcome<Deck>.Given>().Page;
            seen.AddRange(page.Items.Select(d => d.Id));
            cursor = page.NextCursor;
        } while (cursor is not null);
        seen.ShouldBe(Enumerable.Reverse(shown));
        // The own private decks are not in it either.
        (await decks.PublicAsync(a, new PageRequest())).ShouldBeOfType<PageOutcome<Deck>.Given>().Page.Count.ShouldBe(5);
    }

    private Task<int> FillAsync(int decks) =>
        _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"insert into summoners_grid.decks (owner_id, name, summon_slots, main_deck, advance_deck) select '{_player.Key}', 'Deck ' || i, '{{}}', '{{}}', '{{}}' from generate_series(1, {decks}) i"
        );

    private async Task FaultsAsync(DeckDraft draft, params string[] expected)
    {
        var deck = await Drafts.CreateAsync(_world, _player, draft);
        deck.Faults().Select(f => $"{f.Code} {f.Field}").Order(StringComparer.Ordinal).ShouldBe(expected);
        deck.IsValid.ShouldBe(expected.Length == 0);
    }

    private Task<string?> TemplateAsync(Guid card) =>
        _world.Database.ScalarAsync<string>(TestRole.Superuser, $"select template_id from summoners_grid.card_instances where id = '{card}'");
}
