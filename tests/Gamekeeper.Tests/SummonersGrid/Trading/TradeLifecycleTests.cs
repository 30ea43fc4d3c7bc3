using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Trading;

public sealed class TradeLifecycleTests : IAsyncLifetime
{
    private GridWorld _world = null!;
    private Actor _a = null!;
    private Actor _b = null!;
    private IReadOnlyList<Guid> _as = null!;
    private IReadOnlyList<Guid> _bs = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await GridWorld.CreateAsync();
        (_a, _b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        (_as, _bs) = (await _world.MintAsync(_a, 4), await _world.MintAsync(_b, 4));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Accepting_swaps_both_sides_and_leaves_one_operation()
    {
        var trade = await _world.ProposeAsync(_a, _b, [_as[0], _as[1]], [_bs[0]]);
        var accepted = (await _world.AcceptAsync(_b, trade)).ShouldBeOfType<AcceptTradeOutcome.Accepted>();
        accepted.Trade.Status.ShouldBe(TradeStatus.Completed);
        (await _world.OwnerOfAsync(_as[0])).ShouldBe(_b.Key);
        (await _world.OwnerOfAsync(_as[1])).ShouldBe(_b.Key);
        (await _world.OwnerOfAsync(_bs[0])).ShouldBe(_a.Key);
        var history = (await _world.Get<OwnershipHistory>().ReadAsync(_as[0]))!;
        history.Events.Count.ShouldBe(2);
        history.Operations[history.Events[1].OperationId].EventCount.ShouldBe(3);
        (await _world.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_trade_takes_two_round_trips()
    {
        await using var counted = await GridWorld.CreateAsync(new TestDatabaseOptions(CountRoundTrips: true));
        var (a, b) = (await counted.NewPlayerAsync(), await counted.NewPlayerAsync());
        var (cards, others) = (await counted.MintAsync(a, 9), await counted.MintAsync(b, 9));
        // The first one prepares statements and loads the signing key.
        for (var i = 0; i < 2; i++)
            await counted.AcceptAsync(b, await counted.ProposeAsync(a, b, [cards[i]], [others[i]]));
        var trade = await counted.ProposeAsync(a, b, [.. cards.Skip(3).Take(3)], [.. others.Skip(3).Take(3)]);
        var turns = await counted.Database.RoundTrips.MeasureAsync(async () =>
            (await counted.AcceptAsync(b, trade)).ShouldBeOfType<AcceptTradeOutcome.Accepted>()
        );
        turns.ShouldBe(2);
    }

    [Fact]
    public async Task Rival_offers_of_a_card_that_was_traded_end_with_a_reason()
    {
        var trade = await _world.ProposeAsync(_a, _b, [_as[0]], [_bs[0]]);
        var rival = await _world.ProposeAsync(_a, _b, [_as[0], _as[1]], [_bs[1]]);
        var reversed = await _world.ProposeAsync(_b, _a, [_bs[0]], [_as[2]]);
        var bystander = await _world.ProposeAsync(_a, _b, [_as[3]], [_bs[3]]);
        await _world.AcceptAsync(_b, trade);
        foreach (var ended in new[] { rival, reversed })
        {
            var now = (await _world.Get<TradeRepository>().FindAsync(_a, ended.Id))!;
            now.Status.ShouldBe(TradeStatus.Cancelled);
            now.CancellationReason.ShouldBe("a card of this trade was traded away");
        }
        (await _world.Get<TradeRepository>().FindAsync(_a, bystander.Id))!.Status.ShouldBe(TradeStatus.Pending);
    }

    [Fact]
    public async Task Two_rivals_accepted_at_once_give_one_trade_and_one_refusal()
    {
        var c = await _world.NewPlayerAsync();
        var cs = await _world.MintAsync(c, 1);
        for (var round = 0; round < 10; round++)
        {
            var card = (await _world.MintAsync(_a, 1))[0];
            var bCard = (await _world.MintAsync(_b, 1))[0];
            var cCard = (await _world.MintAsync(c, 1))[0];
            var toB = await _world.ProposeAsync(_a, _b, [card], [bCard]);
            var toC = await _world.ProposeAsync(_a, c, [card], [cCard]);
            var outcomes = await Task.WhenAll(_world.AcceptAsync(_b, toB), _world.AcceptAsync(c, toC));
            outcomes.Count(o => o is AcceptTradeOutcome.Accepted).ShouldBe(1);
            outcomes.Count(o => o is AcceptTradeOutcome.NotPending { Status: TradeStatus.Cancelled }).ShouldBe(1);
            (await _world.Get<OwnershipHistory>().ReadAsync(card))!.Events.Count.ShouldBe(2);
        }
        cs.Count.ShouldBe(1);
        (await _world.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Accepting_often_at_once_under_one_key_trades_once_and_answers_the_same()
    {
        var trade = await _world.ProposeAsync(_a, _b, [_as[0]], [_bs[0]]);
        var key = _world.NewKey();
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => _world.Get<AcceptTrade>().RunAsync(_b, trade.Id, key))
        );
        var accepted = outcomes.Select(o => o.ShouldBeOfType<AcceptTradeOutcome.Accepted>()).ToList();
        accepted.Count(a => !a.IsReplay).ShouldBe(1);
        accepted.Select(a => a.Trade.OperationId).Distinct().Count().ShouldBe(1);
        (await _world.Get<OwnershipHistory>().ReadAsync(_as[0]))!.Events.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Accepting_again_under_another_key_is_refused()
    {
        var trade = await _world.ProposeAsync(_a, _b, [_as[0]], [_bs[0]]);
        await _world.AcceptAsync(_b, trade);
        (await _world.AcceptAsync(_b, trade)).ShouldBe(new AcceptTradeOutcome.NotPending(TradeStatus.Completed));
        (await _world.OwnerOfAsync(_as[0])).ShouldBe(_b.Key);
    }

    [Fact]
    public async Task A_key_that_accepted_one_trade_does_not_accept_another()
    {
        var first = await _world.ProposeAsync(_a, _b, [_as[0]], [_bs[0]]);
        var second = await _world.ProposeAsync(_a, _b, [_as[1]], [_bs[1]]);
        var key = _world.NewKey();
        await _world.Get<AcceptTrade>().RunAsync(_b, first.Id, key);
        (await _world.Get<AcceptTrade>().RunAsync(_b, second.Id, key)).ShouldBeOfType<AcceptTradeOutcome.KeyReused>();
        (await _world.OwnerOfAsync(_as[1])).ShouldBe(_a.Key);
    }

    [Fact]
    public async Task A_card_that_has_moved_meanwhile_refuses_the_trade_and_nothing_changes()
    {
        var c = await _world.NewPlayerAsync();
        var trade = await _world.ProposeAsync(_a, _b, [_as[0]], [_bs[0]]);
        // Past the verbs, which would have ended the offer: what if it stood open all the same?
        await _world.TransferAsync(_as[0], _a, c);
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"update summoners_grid.trade_proposals set status = 'pending', cancellation_reason = null where id = '{trade.Id}'"
        );
        (await _world.AcceptAsync(_b, trade)).ShouldBeOfType<AcceptTradeOutcome.CardsMoved>().Cards.ShouldBe([_as[0]]);
        (await _world.OwnerOfAsync(_as[0])).ShouldBe(c.Key);
        (await _world.OwnerOfAsync(_bs[0])).ShouldBe(_b.Key);
    }

    [Fact]
    public async Task A_gift_outside_of_a_trade_ends_the_offers_of_that_card()
    {
        var c = await _world.NewPlayerAsync();
        var trade = await _world.ProposeAsync(_a, _b, [_as[0]], [_bs[0]]);
        await _world.TransferAsync(_as[0], _a, c);
        (await _world.AcceptAsync(_b, trade)).ShouldBe(new AcceptTradeOutcome.NotPending(TradeStatus.Cancelled));
    }

    [Fact]
    public async Task After_its_expiry_an_offer_is_refused_before_and_after_the_job_has_marked_it()
    {
        var trade = await _world.ProposeAsync(_a, _b, [_as[0]], [_bs[0]]);
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"update summoners_grid.trade_proposals set created_at = now() - interval '2 days', expires_at = now() - interval '1 second' where id = '{trade.Id}'"
        );
        (await _world.AcceptAsync(_b, trade)).ShouldBeOfType<AcceptTradeOutcome.Expired>();
        (await _world.Get<ExpireTrades>().RunAsync(CancellationToken.None)).ShouldBe("1 trades expired");
        (await _world.AcceptAsync(_b, trade)).ShouldBe(new AcceptTradeOutcome.NotPending(TradeStatus.Expired));
        (await _world.Get<ExpireTrades>().RunAsync(CancellationToken.None)).ShouldBe("0 trades expired");
        (await _world.OwnerOfAsync(_as[0])).ShouldBe(_a.Key);
    }

    [Fact]
    public async Task The_target_declines_and_the_proposer_cancels_and_never_the_other_way_round()
    {
        var close = _world.Get<CloseTrade>();
        var declined = await _world.ProposeAsync(_a, _b, [_as[0]], [_bs[0]]);
        var cancelled = await _world.ProposeAsync(_a, _b, [_as[1]], [_bs[1]]);
        (await close.DeclineAsync(_a, declined.Id, null, _world.NewKey())).ShouldBeOfType<CloseTradeOutcome.NotYours>();
        (await close.CancelAsync(_b, cancelled.Id, null, _world.NewKey())).ShouldBeOfType<CloseTradeOutcome.NotYours>();
        (await close.DeclineAsync(_b, declined.Id, "not for that", _world.NewKey()))
            .ShouldBeOfType<CloseTradeOutcome.Closed>()
            .Trade.CancellationReason.ShouldBe("not for that");
        (await close.CancelAsync(_a, cancelled.Id, null, _world.NewKey())).ShouldBeOfType<CloseTradeOutcome.Closed>();
        (await close.CancelAsync(_a, cancelled.Id, null, _world.NewKey())).ShouldBe(new CloseTradeOutcome.NotPending(TradeStatus.Cancelled));
        (await close.DeclineAsync(_b, declined.Id, new string('x', 101), _world.NewKey())).ShouldBeOfType<CloseTradeOutcome.Invalid>();
    }

    [Fact]
    public async Task An_offer_that_was_made_is_answered_again_after_its_own_expiry()
    {
        var propose = _world.Get<ProposeTrade>();
        var key = _world.NewKey();
        var offer = new TradeOffer(_b.Key, [_as[0]], [], _world.Database.Clock.GetUtcNow().AddMilliseconds(1500));
        var made = (await propose.RunAsync(_a, offer, key)).ShouldBeOfType<ProposeTradeOutcome.Proposed>();
        await Soon.TrueAsync(() => _world.Database.Clock.GetUtcNow() > offer.ExpiresAt);
        var again = (await propose.RunAsync(_a, offer, key)).ShouldBeOfType<ProposeTradeOutcome.Proposed>();
        (again.Trade.Id, again.IsReplay).ShouldBe((made.Trade.Id, true));
    }

    [Fact]
    public async Task A_list_holds_both_sides_newest_first_and_its_cursor_answers_no_other_question()
    {
        var made = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            made.Add((await _world.ProposeAsync(_a, _b, [_as[i]], [])).Id);
            made.Add((await _world.ProposeAsync(_b, _a, [_bs[i]], [])).Id);
        }
        var trades = _world.Get<TradeRepository>();
        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = (await trades.ByPlayerAsync(_a.Key, null, new PageRequest(new PageSize(3), cursor)))
                .ShouldBeOfType<PageOutcome<Trade>.Given>()
                .Page;
            seen.AddRange(page.Items.Select(t => t.Id));
            (await trades.ByPlayerAsync(_b.Key, null, new PageRequest(new PageSize(3), page.NextCursor ?? cursor)))
                .ShouldBeOfType<PageOutcome<Trade>.Refused>();
            cursor = page.NextCursor;
        } while (cursor is not null);
        made.Reverse();
        seen.ShouldBe(made);
    }
}
