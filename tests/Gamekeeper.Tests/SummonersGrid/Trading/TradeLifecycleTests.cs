using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.SummonersGrid.Trading;

public sealed class TradeLifecycleTests : TwoTraders
{
    [Fact]
    public async Task Accepting_swaps_both_sides_and_leaves_one_operation()
    {
        var trade = await World.ProposeAsync(A, B, [As[0], As[1]], [Bs[0]]);
        var accepted = (await World.AcceptAsync(B, trade)).ShouldBeOfType<AcceptTradeOutcome.Accepted>();
        accepted.Trade.Status.ShouldBe(TradeStatus.Completed);
        (await World.OwnerOfAsync(As[0])).ShouldBe(B.Key);
        (await World.OwnerOfAsync(As[1])).ShouldBe(B.Key);
        (await World.OwnerOfAsync(Bs[0])).ShouldBe(A.Key);
        var history = (await World.Get<OwnershipHistory>().ReadAsync(As[0]))!;
        history.Events.Count.ShouldBe(2);
        history.Operations[history.Events[1].OperationId].EventCount.ShouldBe(3);
        (await World.BreachesAsync()).ShouldBeEmpty();
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
        var trade = await World.ProposeAsync(A, B, [As[0]], [Bs[0]]);
        var rival = await World.ProposeAsync(A, B, [As[0], As[1]], [Bs[1]]);
        var reversed = await World.ProposeAsync(B, A, [Bs[0]], [As[2]]);
        var bystander = await World.ProposeAsync(A, B, [As[3]], [Bs[3]]);
        await World.AcceptAsync(B, trade);
        foreach (var ended in new[] { rival, reversed })
        {
            var now = (await World.Get<TradeRepository>().FindAsync(A, ended.Id))!;
            now.Status.ShouldBe(TradeStatus.Cancelled);
            now.CancellationReason.ShouldBe("a card of this trade was traded away");
        }
        (await World.Get<TradeRepository>().FindAsync(A, bystander.Id))!.Status.ShouldBe(TradeStatus.Pending);
    }

    [Fact]
    public async Task Two_rivals_accepted_at_once_give_one_trade_and_one_refusal()
    {
        var c = await World.NewPlayerAsync();
        var cs = await World.MintAsync(c, 1);
        for (var round = 0; round < 10; round++)
        {
            var card = (await World.MintAsync(A, 1))[0];
            var bCard = (await World.MintAsync(B, 1))[0];
            var cCard = (await World.MintAsync(c, 1))[0];
            var toB = await World.ProposeAsync(A, B, [card], [bCard]);
            var toC = await World.ProposeAsync(A, c, [card], [cCard]);
            var outcomes = await Task.WhenAll(World.AcceptAsync(B, toB), World.AcceptAsync(c, toC));
            outcomes.Count(o => o is AcceptTradeOutcome.Accepted).ShouldBe(1);
            outcomes.Count(o => o is AcceptTradeOutcome.NotPending { Status: TradeStatus.Cancelled }).ShouldBe(1);
            (await World.Get<OwnershipHistory>().ReadAsync(card))!.Events.Count.ShouldBe(2);
        }
        cs.Count.ShouldBe(1);
        (await World.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Accepting_often_at_once_under_one_key_trades_once_and_answers_the_same()
    {
        var trade = await World.ProposeAsync(A, B, [As[0]], [Bs[0]]);
        var key = World.NewKey();
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => World.Get<AcceptTrade>().RunAsync(B, trade.Id, key))
        );
        var accepted = outcomes.Select(o => o.ShouldBeOfType<AcceptTradeOutcome.Accepted>()).ToList();
        accepted.Count(a => !a.IsReplay).ShouldBe(1);
        accepted.Select(a => a.Trade.OperationId).Distinct().Count().ShouldBe(1);
        (await World.Get<OwnershipHistory>().ReadAsync(As[0]))!.Events.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Accepting_again_under_another_key_is_refused()
    {
        var trade = await World.ProposeAsync(A, B, [As[0]], [Bs[0]]);
        await World.AcceptAsync(B, trade);
        (await World.AcceptAsync(B, trade)).ShouldBe(new AcceptTradeOutcome.NotPending(TradeStatus.Completed));
        (await World.OwnerOfAsync(As[0])).ShouldBe(B.Key);
    }

    [Fact]
    public async Task A_key_that_accepted_one_trade_does_not_accept_another()
    {
        var first = await World.ProposeAsync(A, B, [As[0]], [Bs[0]]);
        var second = await World.ProposeAsync(A, B, [As[1]], [Bs[1]]);
        var key = World.NewKey();
        await World.Get<AcceptTrade>().RunAsync(B, first.Id, key);
        (await World.Get<AcceptTrade>().RunAsync(B, second.Id, key)).ShouldBeOfType<AcceptTradeOutcome.KeyReused>();
        (await World.OwnerOfAsync(As[1])).ShouldBe(A.Key);
    }

    [Fact]
    public async Task A_card_that_has_moved_meanwhile_refuses_the_trade_and_nothing_changes()
    {
        var c = await World.NewPlayerAsync();
        var trade = await World.ProposeAsync(A, B, [As[0]], [Bs[0]]);
        // Past the verbs, which would have ended the offer: what if it stood open all the same?
        await World.TransferAsync(As[0], A, c);
        await World.Database.ExecuteAsync(
            TestRole.Superuser,
            $"update summoners_grid.trade_proposals set status = 'pending', cancellation_reason = null where id = '{trade.Id}'"
        );
        (await World.AcceptAsync(B, trade)).ShouldBeOfType<AcceptTradeOutcome.CardsMoved>().Cards.ShouldBe([As[0]]);
        (await World.OwnerOfAsync(As[0])).ShouldBe(c.Key);
        (await World.OwnerOfAsync(Bs[0])).ShouldBe(B.Key);
    }

    [Fact]
    public async Task A_gift_outside_of_a_trade_ends_the_offers_of_that_card()
    {
        var c = await World.NewPlayerAsync();
        var trade = await World.ProposeAsync(A, B, [As[0]], [Bs[0]]);
        await World.TransferAsync(As[0], A, c);
        (await World.AcceptAsync(B, trade)).ShouldBe(new AcceptTradeOutcome.NotPending(TradeStatus.Cancelled));
    }

    [Fact]
    public async Task After_its_expiry_an_offer_is_refused_before_and_after_the_job_has_marked_it()
    {
        var trade = await World.ProposeAsync(A, B, [As[0]], [Bs[0]]);
        await World.Database.ExecuteAsync(
            TestRole.Superuser,
            $"update summoners_grid.trade_proposals set created_at = now() - interval '2 days', expires_at = now() - interval '1 second' where id = '{trade.Id}'"
        );
        (await World.AcceptAsync(B, trade)).ShouldBeOfType<AcceptTradeOutcome.Expired>();
        (await World.Get<ExpireTrades>().RunAsync(CancellationToken.None)).ShouldBe("1 trades expired");
        (await World.AcceptAsync(B, trade)).ShouldBe(new AcceptTradeOutcome.NotPending(TradeStatus.Expired));
        (await World.Get<ExpireTrades>().RunAsync(CancellationToken.None)).ShouldBe("0 trades expired");
        (await World.OwnerOfAsync(As[0])).ShouldBe(A.Key);
    }

    [Fact]
    public async Task The_target_declines_and_the_proposer_cancels_and_never_the_other_way_round()
    {
        var close = World.Get<CloseTrade>();
        var declined = await World.ProposeAsync(A, B, [As[0]], [Bs[0]]);
        var cancelled = await World.ProposeAsync(A, B, [As[1]], [Bs[1]]);
        (await close.DeclineAsync(A, declined.Id, null, World.NewKey())).ShouldBeOfType<CloseTradeOutcome.NotYours>();
        (await close.CancelAsync(B, cancelled.Id, null, World.NewKey())).ShouldBeOfType<CloseTradeOutcome.NotYours>();
        (await close.DeclineAsync(B, declined.Id, "not for that", World.NewKey()))
            .ShouldBeOfType<CloseTradeOutcome.Closed>()
            .Trade.CancellationReason.ShouldBe("not for that");
        (await close.CancelAsync(A, cancelled.Id, null, World.NewKey())).ShouldBeOfType<CloseTradeOutcome.Closed>();
        (await close.CancelAsync(A, cancelled.Id, null, World.NewKey())).ShouldBe(new CloseTradeOutcome.NotPending(TradeStatus.Cancelled));
        (await close.DeclineAsync(B, declined.Id, new string('x', 101), World.NewKey())).ShouldBeOfType<CloseTradeOutcome.Invalid>();
    }

    [Fact]
    public async Task An_offer_that_was_made_is_answered_again_after_its_own_expiry()
    {
        var propose = World.Get<ProposeTrade>();
        var key = World.NewKey();
        var offer = new TradeOffer(B.Key, [As[0]], [], World.Database.Clock.GetUtcNow().AddMilliseconds(1500));
        var made = (await propose.RunAsync(A, offer, key)).ShouldBeOfType<ProposeTradeOutcome.Proposed>();
        await Soon.TrueAsync(() => World.Database.Clock.GetUtcNow() > offer.ExpiresAt);
        var again = (await propose.RunAsync(A, offer, key)).ShouldBeOfType<ProposeTradeOutcome.Proposed>();
        (again.Trade.Id, again.IsReplay).ShouldBe((made.Trade.Id, true));
    }

    [Fact]
    public async Task A_list_holds_both_sides_newest_first_and_its_cursor_answers_no_other_question()
    {
        var made = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            made.Add((await World.ProposeAsync(A, B, [As[i]], [])).Id);
            made.Add((await World.ProposeAsync(B, A, [Bs[i]], [])).Id);
        }
        var trades = World.Get<TradeRepository>();
        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = (await trades.ByPlayerAsync(A.Key, null, new PageRequest(new PageSize(3), cursor)))
                .ShouldBeOfType<PageOutcome<Trade>.Given>()
                .Page;
            seen.AddRange(page.Items.Select(t => t.Id));
            (await trades.ByPlayerAsync(B.Key, null, new PageRequest(new PageSize(3), page.NextCursor ?? cursor)))
                .ShouldBeOfType<PageOutcome<Trade>.Refused>();
            cursor = page.NextCursor;
        } while (cursor is not null);
        made.Reverse();
        seen.ShouldBe(made);
    }
}
