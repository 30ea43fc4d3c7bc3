using Gamekeeper.SummonersGrid;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Ownership.Freezing;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid.Trading;
using Npgsql;

namespace Gamekeeper.Tests.SummonersGrid.Ownership.Freezing;

/// <summary>A frozen card stays where it is, and nothing else is any different.</summary>
public sealed class FreezeCardsTests : TwoTraders
{
    [Fact]
    public async Task A_frozen_card_is_refused_everywhere_and_each_refusal_is_recorded()
    {
        var before = await World.ProposeAsync(A, B, [As[0]], [Bs[0]]);
        await FreezeAsync(As[0]);

        (await World.AcceptAsync(B, before)).ShouldBeOfType<AcceptTradeOutcome.CardFrozen>().Card.ShouldBe(As[0]);
        (await World.Get<ProposeTrade>().RunAsync(A, new TradeOffer(B.Key, [As[0]], []), World.NewKey()))
            .ShouldBeOfType<ProposeTradeOutcome.CardFrozen>()
            .Card.ShouldBe(As[0]);
        (await World.Get<ProposeTrade>().RunAsync(B, new TradeOffer(A.Key, [], [As[0]]), World.NewKey()))
            .ShouldBeOfType<ProposeTradeOutcome.CardFrozen>();
        (await World.Get<TransferCard>().RunAsync(A, As[0], A.Key, B.Key, "gift", World.NewKey())).ShouldBeOfType<TransferCardOutcome.CardFrozen>();
        (await World.Get<TransferCard>().RunAsync(World.Service, As[0], A.Key, B.Key, "event", World.NewKey()))
            .ShouldBeOfType<TransferCardOutcome.CardFrozen>();

        (await World.OwnerOfAsync(As[0])).ShouldBe(A.Key);
        var refused = await World.Database.ListAsync<string>(
            TestRole.Superuser,
            $"select action from summoners_grid.activity_log where error_code = '{RefusalCodes.CardFrozen}' order by id"
        );
        refused.ShouldBe(["trade.accept", "trade.propose", "trade.propose", "card.transfer", "card.transfer"]);
        (await World.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Other_cards_of_the_same_people_go_on_and_a_freed_one_moves_again()
    {
        var waiting = await World.ProposeAsync(A, B, [As[0]], [Bs[0]]);
        await FreezeAsync(As[0]);
        await World.TransferAsync(As[1], A, B);
        (await World.AcceptAsync(B, await World.ProposeAsync(A, B, [As[2]], [Bs[1]]))).ShouldBeOfType<AcceptTradeOutcome.Accepted>();

        (await World.Get<UnfreezeCards>().RunAsync(World.Service, [As[0]])).ShouldBeOfType<UnfreezeCardsOutcome.Done>().Freed.ShouldBe([As[0]]);
        (await World.AcceptAsync(B, waiting)).ShouldBeOfType<AcceptTradeOutcome.Accepted>();
    }

    [Fact]
    public async Task Freezing_twice_keeps_the_first_reason_and_says_so()
    {
        await FreezeAsync(As[0]);
        var again = (await World.Get<FreezeCards>().RunAsync(World.Service, [As[0], As[1]], "other")).ShouldBeOfType<FreezeCardsOutcome.Done>();
        again.Frozen.ShouldBe([As[1]]);
        again.Already.ShouldBe([As[0]]);
        (await ReasonsAsync(As[0], As[1])).ShouldBe(["duped", "other"]);

        var free = (await World.Get<UnfreezeCards>().RunAsync(World.Service, [As[0], As[2]])).ShouldBeOfType<UnfreezeCardsOutcome.Done>();
        free.Freed.ShouldBe([As[0]]);
        free.Already.ShouldBe([As[2]]);
    }

    [Fact]
    public async Task It_is_all_or_nothing_for_trusted_parties_and_with_a_word_for_why()
    {
        var freeze = World.Get<FreezeCards>();
        var nowhere = Guid.CreateVersion7();
        (await freeze.RunAsync(World.Service, [As[0], nowhere], "duped")).ShouldBeOfType<FreezeCardsOutcome.UnknownCards>().Cards.ShouldBe([nowhere]);
        (await freeze.RunAsync(A, [As[0]], "duped")).ShouldBeOfType<FreezeCardsOutcome.NotAllowed>();
        (await freeze.RunAsync(World.Service, [], "duped")).ShouldBeOfType<FreezeCardsOutcome.Invalid>();
        (await freeze.RunAsync(World.Service, [As[0]], "Jane Doe did it")).ShouldBeOfType<FreezeCardsOutcome.Invalid>();
        (await World.Get<UnfreezeCards>().RunAsync(A, [As[0]])).ShouldBeOfType<UnfreezeCardsOutcome.NotAllowed>();

        (await ReasonsAsync(As[0])).ShouldBe([""]);
    }

    [Fact]
    public async Task A_freeze_that_is_answered_has_waited_for_the_trade_that_saw_the_card_free()
    {
        await using var running = await World.Database.OpenAsync(TestRole.Superuser);
        await using var trade = await running.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand($"select id from summoners_grid.card_instances where id = '{As[0]}' for update", running))
            await hold.ExecuteScalarAsync();

        var freeze = World.Get<FreezeCards>().RunAsync(World.Service, [As[0]], "duped");
        await Soon.TrueAsync(
            async () => await World.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from pg_locks where not granted") > 0,
            "the freeze waits for the trade"
        );
        freeze.IsCompleted.ShouldBeFalse();
        await trade.CommitAsync();
        (await freeze).ShouldBeOfType<FreezeCardsOutcome.Done>();
    }

    [Fact]
    public async Task Freezing_and_trading_at_once_ends_with_one_before_the_other()
    {
        var (first, second) = (0, 0);
        for (var round = 0; round < 12; round++)
        {
            var card = (await World.MintAsync(A, 1))[0];
            var trade = await World.ProposeAsync(A, B, [card], []);
            var accept = World.AcceptAsync(B, trade);
            var freeze = World.Get<FreezeCards>().RunAsync(World.Service, [card], "duped");
            await Task.WhenAll(accept, freeze);

            (await freeze).ShouldBeOfType<FreezeCardsOutcome.Done>();
            var isTraded = await accept is AcceptTradeOutcome.Accepted;
            _ = isTraded ? first++ : second++;
            if (!isTraded)
                (await accept).ShouldBeOfType<AcceptTradeOutcome.CardFrozen>();
            var owner = isTraded ? B : A;
            (await World.OwnerOfAsync(card)).ShouldBe(owner.Key);
            (await World.Get<TransferCard>().RunAsync(owner, card, owner.Key, (isTraded ? A : B).Key, "gift", World.NewKey()))
                .ShouldBeOfType<TransferCardOutcome.CardFrozen>();
        }
        (first + second).ShouldBe(12);
        (await World.BreachesAsync()).ShouldBeEmpty();
    }

    private async Task FreezeAsync(Guid card) =>
        (await World.Get<FreezeCards>().RunAsync(World.Service, [card], "duped")).ShouldBeOfType<FreezeCardsOutcome.Done>().Frozen.ShouldBe([card]);

    private async Task<IReadOnlyList<string>> ReasonsAsync(params Guid[] cards) =>
        await World.Database.ListAsync<string>(
            TestRole.Superuser,
            $"select coalesce(frozen_reason, '') from summoners_grid.card_instances where id in ({string.Join(", ", cards.Select(c => $"'{c}'"))}) order by frozen_reason"
        );
}
