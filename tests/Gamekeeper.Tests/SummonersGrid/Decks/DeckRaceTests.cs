using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.SummonersGrid.Decks;

/// <summary>A deck is saved while its cards move. In whichever order they come to pass, no valid deck is left without a card.</summary>
public sealed class DeckRaceTests : IAsyncLifetime
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

    [Fact]
    public async Task A_deck_that_waited_for_a_move_is_judged_by_what_came_of_it()
    {
        var draft = await Drafts.ValidAsync(_world, _a);
        await using var mover = await _world.Database.OpenAsync(TestRole.Superuser);
        await using var move = await mover.BeginTransactionAsync();
        await RunAsync(mover, $"update summoners_grid.card_instances set owner_id = '{_b.Key}' where id = '{draft.MainDeck[0]}'");

        var saving = _world.Get<CreateDeck>().RunAsync(_a, draft, _world.NewKey());
        await SomeoneWaitsAsync();
        await move.CommitAsync();

        var deck = (await saving).ShouldBeOfType<SaveDeckOutcome.Saved>().Deck;
        deck.Faults().ShouldHaveSingleItem().Card.ShouldBe(draft.MainDeck[0]);
        await NoValidDeckLacksACardAsync();
    }

    [Fact]
    public async Task A_trade_that_waited_for_a_deck_takes_its_validity_along()
    {
        var draft = await Drafts.ValidAsync(_world, _a);
        var trade = await _world.ProposeAsync(_a, _b, [draft.MainDeck[0]], []);
        var accepting = Task.FromResult<AcceptTradeOutcome>(null!);
        // The work of saving, stopped before its commit.
        var id = await _world.Database.Database.WriteAsync(
            _a,
            async (unit, ct) =>
            {
                var cards = await unit.ListAsync(new HoldDeckCards(draft.Cards()), ct);
                var deck = JudgedDeck.Of(draft, _world.Get<DeckFormats>(), _a.Key, cards) with { Id = Guid.CreateVersion7(), CreatedAt = DateTimeOffset.UnixEpoch };
                deck.IsValid.ShouldBeTrue();
                unit.Enqueue(new InsertDeck(deck));
                await unit.FlushAsync(ct);
                accepting = _world.AcceptAsync(_b, trade);
                await SomeoneWaitsAsync();
                return deck.Id;
            },
            TestContext.Current.CancellationToken
        );

        (await accepting).ShouldBeOfType<AcceptTradeOutcome.Accepted>();
        (await _world.Get<DeckRepository>().FindAsync(_a, id))!.Faults().ShouldHaveSingleItem().Card.ShouldBe(draft.MainDeck[0]);
        await NoValidDeckLacksACardAsync();
    }

    [Fact]
    public async Task Two_cards_of_one_deck_that_move_at_once_are_both_counted()
    {
        var deck = await Drafts.SavedAsync(_world, _a);
        await using var mover = await _world.Database.OpenAsync(TestRole.Superuser);
        await using var move = await mover.BeginTransactionAsync();
        await RunAsync(mover, $"update summoners_grid.card_instances set owner_id = '{_b.Key}' where id = '{deck.MainDeck[0]}'");

        var other = _world.TransferAsync(deck.MainDeck[1], _a, _b);
        await SomeoneWaitsAsync();
        await move.CommitAsync();
        await other;

        (await _world.Get<DeckRepository>().FindAsync(_a, deck.Id))!
            .Faults()
            .Select(f => f.Card)
            .ShouldBe([deck.MainDeck[0], deck.MainDeck[1]], ignoreOrder: true);
        await NoValidDeckLacksACardAsync();
    }

    [Fact]
    public async Task Decks_saved_and_cards_moved_without_end_leave_no_valid_deck_without_its_cards()
    {
        var (mine, theirs) = (await Drafts.ValidAsync(_world, _a), await Drafts.ValidAsync(_world, _b));
        var decks = new[] { await Drafts.CreateAsync(_world, _a, mine), await Drafts.CreateAsync(_world, _b, theirs) };
        var cards = mine.MainDeck.Take(3).Concat(theirs.MainDeck.Take(3)).ToList();
        var change = _world.Get<ChangeDeck>();

        var movers = Enumerable
            .Range(0, 3)
            .Select(async seed =>
            {
                var random = new Random(seed);
                for (var i = 0; i < 25; i++)
                {
                    var card = cards[random.Next(cards.Count)];
                    var (from, to) = await _world.OwnerOfAsync(card) == _a.Key ? (_a, _b) : (_b, _a);
                    if (random.Next(2) == 0)
                        await _world.Get<Gamekeeper.SummonersGrid.Ownership.TransferCard>().RunAsync(from, card, from.Key, to.Key, "gift", _world.NewKey());
                    else if (await _world.Get<ProposeTrade>().RunAsync(from, new TradeOffer(to.Key, [card], []), _world.NewKey()) is ProposeTradeOutcome.Proposed offer)
                        await _world.AcceptAsync(to, offer.Trade);
                }
            });
        var savers = decks.Select(
            async (deck, which) =>
            {
                var (owner, draft) = which == 0 ? (_a, mine) : (_b, theirs);
                for (var i = 0; i < 25; i++)
                    (await change.MergeAsync(owner, deck.Id, new DeckChange($"Round {i}", MainDeck: i % 2 == 0 ? draft.MainDeck : [.. draft.MainDeck.Reverse()])))
                        .ShouldBeOfType<SaveDeckOutcome.Saved>();
            }
        );
        await Task.WhenAll(movers.Concat(savers));

        await NoValidDeckLacksACardAsync();
        // These decks keep to their format: what is invalid of them is so for want of a card, and of exactly the cards that are gone.
        foreach (var deck in decks)
        {
            var read = (await _world.Get<DeckRepository>().FindAsync(_world.Service, deck.Id))!;
            var gone = await _world.Database.ListAsync<Guid>(
                TestRole.Superuser,
                $"""
                select id
                from summoners_grid.card_instances
                where owner_id <> '{read.OwnerId}'
                  and id = any (select unnest(main_deck || advance_deck) from summoners_grid.decks where id = '{deck.Id}')
                """
            );
            read.Faults().Select(f => f.Card!.Value).ShouldBe(gone, ignoreOrder: true);
            read.IsValid.ShouldBe(gone.Count == 0);
        }
        (await _world.BreachesAsync()).ShouldBeEmpty();
    }

    private async Task NoValidDeckLacksACardAsync() =>
        (await _world.Database.ScalarAsync<long>(
            TestRole.Superuser,
            """
            select count(*)
            from summoners_grid.decks d
            where d.is_valid
              and exists (
                select
                from unnest(d.main_deck || d.advance_deck || array(select (value ->> 'card')::uuid from jsonb_each(d.summon_slots))) as c (id)
                where not exists (select from summoners_grid.card_instances i where i.id = c.id and i.owner_id = d.owner_id))
            """
        )).ShouldBe(0);

    private Task SomeoneWaitsAsync() =>
        Soon.TrueAsync(
            async () =>
                await _world.Database.ScalarAsync<long>(
                    TestRole.Superuser,
                    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
                ) > 0
        );

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
