using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Ownership.Compensating;
using Gamekeeper.SummonersGrid.Ownership.Lineage;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.SummonersGrid.Ownership.Compensating;

/// <summary>The rule in small: what a plan says of each card, and why one stays.</summary>
public sealed class PlanCompensationTests : Incident
{
    [Fact]
    public async Task A_card_that_cannot_be_read_stays_and_so_does_the_trade_that_a_bystander_paid_with_it()
    {
        // Carol's card is damaged, so she would lose Bob's without getting hers back; and then Bob's card cannot come back to him.
        await World.Database.ExecuteAsync(
            TestRole.Superuser,
            $"update summoners_grid.card_instances set signature = repeat('legacy', 12) where id = '{CarolsCard}'"
        );

        var plan = (await PlanAsync()).Plan;

        plan.Moves.ShouldBeEmpty();
        var cards = plan.Cards.ToDictionary(c => c.CardId, c => c.Stands);
        cards[CarolsCard].ShouldBe(StandReason.Damaged);
        cards[BobsCard].ShouldBe(StandReason.TradeStands);
        cards[Dupe].ShouldBe(StandReason.TradeStands);
    }

    [Fact]
    public async Task The_bad_party_is_owed_nothing()
    {
        // Bob gave the dupe away for nothing he could get back: nothing. But what the hacker gave besides is gone, and holds nobody up.
        var besides = (await World.MintAsync(Hacker, 1))[0];
        var dave = await World.NewPlayerAsync();
        var davesCard = (await World.MintAsync(dave, 1))[0];
        var dupe = await MintDupeAsync();
        (await World.AcceptAsync(dave, await World.ProposeAsync(Hacker, dave, [dupe.Card, besides], [davesCard])))
            .ShouldBeOfType<AcceptTradeOutcome.Accepted>();
        await World.TransferAsync(besides, dave, Carol);

        var plan = (await AskAsync(new LineageStart.OfOperation(dupe.Operation))).ShouldBeOfType<PlanCompensationOutcome.Planned>().Compensation.Plan;

        var cards = plan.Cards.ToDictionary(c => c.CardId);
        cards[davesCard].To.ShouldBe(dave.Key);
        cards[dupe.Card].To.ShouldBe(House.Key);
        cards[besides].Moves.ShouldBeFalse();
        cards[besides].Stands.ShouldBe(StandReason.MovedOn);
    }

    [Fact]
    public async Task A_hacker_who_closes_the_account_keeps_no_dupe_in_the_world()
    {
        await World.Database.ExecuteAsync(TestRole.Superuser, $"update summoners_grid.users set is_active = false where id = '{Hacker.Key}'");

        (await ApplyAsync(await PlanAsync())).ShouldBeOfType<ApplyCompensationOutcome.Applied>();

        await OwnersShouldBeAsync(dupe: House, bobs: Bob, carols: Carol);
        (await World.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_would_come_back_to_a_closed_account_stays_and_says_so()
    {
        await World.Database.ExecuteAsync(TestRole.Superuser, $"update summoners_grid.users set is_active = false where id = '{Carol.Key}'");

        var cards = (await PlanAsync()).Plan.Cards.ToDictionary(c => c.CardId, c => c.Stands);

        cards[CarolsCard].ShouldBe(StandReason.OwnerClosed);
        cards[BobsCard].ShouldBe(StandReason.TradeStands);
        cards[Dupe].ShouldBe(StandReason.TradeStands);
    }

    [Fact]
    public async Task A_plan_says_in_words_where_it_starts()
    {
        (await PlanAsync()).Plan.Start.ShouldBe($"operation {Mint}");
        new LineageStart.OfEvent(Dupe).ToString().ShouldBe($"event {Dupe}");
        new LineageStart.OfCard(Dupe).ToString().ShouldBe($"card {Dupe}");
        new LineageStart.OfCard(Dupe, DateTimeOffset.UnixEpoch).ToString().ShouldBe($"card {Dupe} since 1970-01-01T00:00:00.0000000+00:00");
    }

    [Fact]
    public async Task A_player_plans_nothing_and_who_is_no_player_is_not_bad()
    {
        var request = new CompensationRequest(new LineageStart.OfOperation(Mint), [Hacker.Key], House.Key);
        (await World.Get<PlanCompensation>().RunAsync(Hacker, request)).ShouldBeOfType<PlanCompensationOutcome.NotAllowed>();

        var nobody = Guid.CreateVersion7();
        (await World.Get<PlanCompensation>().RunAsync(World.Service, request with { BadPlayers = [Hacker.Key, nobody] }))
            .ShouldBeOfType<PlanCompensationOutcome.Invalid>()
            .Errors.ShouldHaveSingleItem()
            .Problem.ShouldContain(nobody.ToString());
        (await World.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from summoners_grid.compensations")).ShouldBe(0);
    }

    [Fact]
    public async Task A_fair_card_given_beside_that_moved_on_keeps_a_trade_unless_the_plan_is_wide()
    {
        // Bob passes the dupe on together with a card of his own, which then goes on to Dave in a fair trade.
        var (erin, dave) = (await World.NewPlayerAsync(), await World.NewPlayerAsync());
        var (fair, erins, daves) = ((await World.MintAsync(Bob, 1))[0], (await World.MintAsync(erin, 1))[0], (await World.MintAsync(dave, 1))[0]);
        (await World.AcceptAsync(erin, await World.ProposeAsync(Bob, erin, [Dupe, fair], [erins])))
            .ShouldBeOfType<AcceptTradeOutcome.Accepted>();
        await TradeAsync(erin, fair, dave, daves);

        var narrow = (await PlanAsync()).Plan;
        narrow.Cards.ShouldNotContain(c => c.CardId == daves);
        narrow.Cards.Single(c => c.CardId == Dupe).Stands.ShouldBe(StandReason.TradeStands);
        narrow.Moves.ShouldBeEmpty("Bob would lose what he got for the dupe, or the dupe without his own card");

        var wide = (await World.Get<PlanCompensation>()
            .RunAsync(World.Service, new CompensationRequest(new LineageStart.OfOperation(Mint), [Hacker.Key], House.Key, IsWide: true)))
            .ShouldBeOfType<PlanCompensationOutcome.Planned>()
            .Compensation;
        (await ApplyAsync(wide)).ShouldBeOfType<ApplyCompensationOutcome.Applied>();
        await OwnersShouldBeAsync(dupe: House, bobs: Bob, carols: Carol);
        (await World.OwnerOfAsync(fair)).ShouldBe(Bob.Key);
        (await World.OwnerOfAsync(erins)).ShouldBe(erin.Key);
        (await World.OwnerOfAsync(daves)).ShouldBe(dave.Key);
        (await World.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_event_of_a_trade_stands_for_both_sides_and_one_of_a_mint_for_one_card()
    {
        var trade = await EventAsync(Dupe, 2);
        var one = (await World.Get<TraceLineage>().RunAsync(new LineageStart.OfEvent(trade))).ShouldBeOfType<LineageOutcome.Traced>().Lineage;
        one.Cards.Where(c => c.Depth == 0).Select(c => c.Id).ShouldBe([Dupe, BobsCard], ignoreOrder: true);
        one.Cards.Single(c => c.Id == CarolsCard).BoughtWith.ShouldBe(BobsCard);
        one.Trades.Count.ShouldBe(2);

        var mint = (await World.Get<TraceLineage>().RunAsync(new LineageStart.OfCard(Dupe))).ShouldBeOfType<LineageOutcome.Traced>().Lineage;
        mint.Cards.Select(c => (c.Id, c.Depth)).ShouldBe([(Dupe, 0), (BobsCard, 1), (CarolsCard, 2)]);
    }

    [Fact]
    public async Task A_depth_leaves_out_what_lies_further_and_says_so()
    {
        var trace = World.Get<TraceLineage>();
        var cut = (await trace.RunAsync(new LineageStart.OfOperation(Mint), depth: 1)).ShouldBeOfType<LineageOutcome.Traced>().Lineage;
        cut.Cards.Select(c => c.Id).ShouldBe([Dupe, BobsCard]);
        cut.IsCutAtDepth.ShouldBeTrue();
        cut.IsTruncated.ShouldBeFalse();
        (await trace.RunAsync(new LineageStart.OfOperation(Mint), depth: -1)).ShouldBeOfType<LineageOutcome.Invalid>();
        (await trace.RunAsync(new LineageStart.OfCard(Dupe, World.Database.Clock.GetUtcNow().AddYears(1)))).ShouldBeOfType<LineageOutcome.UnknownStart>();
        (await trace.RunAsync(new LineageStart.OfEvent(Guid.CreateVersion7()))).ShouldBeOfType<LineageOutcome.UnknownStart>();
    }

    [Fact]
    public async Task What_was_bought_after_a_compensation_is_nobody_s_business()
    {
        (await ApplyAsync(await PlanAsync())).ShouldBeOfType<ApplyCompensationOutcome.Applied>();
        await TradeAsync(Bob, BobsCard, Carol, CarolsCard);

        // The shop's mint of Bob's card turns out bad too: what it bought since counts, what was taken back does not.
        var lineage = (await World.Get<TraceLineage>().RunAsync(new LineageStart.OfCard(BobsCard))).ShouldBeOfType<LineageOutcome.Traced>().Lineage;
        lineage.Cards.Select(c => c.Id).ShouldBe([BobsCard, CarolsCard]);
        var plan = (await AskAsync(new LineageStart.OfCard(BobsCard))).ShouldBeOfType<PlanCompensationOutcome.Planned>().Compensation;
        (await ApplyAsync(plan)).ShouldBeOfType<ApplyCompensationOutcome.Applied>();
        await OwnersShouldBeAsync(dupe: House, bobs: House, carols: Carol);
        (await World.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Dupes_need_a_house_that_is_there_and_not_bad()
    {
        var plan = World.Get<PlanCompensation>();
        var start = new LineageStart.OfOperation(Mint);
        (await plan.RunAsync(World.Service, new CompensationRequest(start, [Hacker.Key]))).ShouldBeOfType<PlanCompensationOutcome.NeedsQuarantine>().Cards.ShouldBe([Dupe]);
        (await AskAsync(quarantine: Hacker.Key)).ShouldBeOfType<PlanCompensationOutcome.Invalid>();
        (await AskAsync(quarantine: Guid.CreateVersion7())).ShouldBeOfType<PlanCompensationOutcome.UnknownPlayer>();
        (await AskAsync(new LineageStart.OfOperation(Guid.CreateVersion7()))).ShouldBeOfType<PlanCompensationOutcome.UnknownStart>();
    }

    [Fact]
    public async Task Ten_thousand_cards_move_in_one_operation_and_one_more_is_too_large()
    {
        var mint = World.Get<MintCards>();
        var order = new MintOrder(Hacker.Key, [.. Enumerable.Repeat("alpha-003", MintCards.MaxCards)]);
        var fits = (await mint.RunAsync(World.Service, order, World.NewKey())).ShouldBeOfType<MintOutcome.Minted>();
        var plan = (await AskAsync(new LineageStart.OfOperation(fits.OperationId))).ShouldBeOfType<PlanCompensationOutcome.Planned>().Compensation;
        (await ApplyAsync(plan)).ShouldBeOfType<ApplyCompensationOutcome.Applied>();
        (await World.Database.ScalarAsync<long>(TestRole.Superuser, $"select count(*) from summoners_grid.card_instances where owner_id = '{House.Key}'"))
            .ShouldBe(MintCards.MaxCards);

        var more = (await mint.RunAsync(World.Service, order, World.NewKey())).ShouldBeOfType<MintOutcome.Minted>();
        await TradeAsync(Hacker, more.CardIds[0], Bob, Dupe);
        (await AskAsync(new LineageStart.OfOperation(more.OperationId))).ShouldBeOfType<PlanCompensationOutcome.TooLarge>();
        // What is too large to be put right at once is frozen all the same.
        (await World.Get<FreezeLineage>().RunAsync(World.Service, new LineageStart.OfOperation(more.OperationId), "duped"))
            .ShouldBeOfType<FreezeLineageOutcome.Done>()
            .Frozen.ShouldBe(MintCards.MaxCards + 1);
    }

    private async Task<(Guid Operation, Guid Card)> MintDupeAsync()
    {
        var minted = (await World.Get<MintCards>()
            .RunAsync(World.Service, new MintOrder(Hacker.Key, ["alpha-002"]), World.NewKey()))
            .ShouldBeOfType<MintOutcome.Minted>();
        return (minted.OperationId, minted.CardIds[0]);
    }

    private Task<Guid> EventAsync(Guid card, int position) =>
        World.Database.ScalarAsync<Guid>(
            TestRole.Superuser,
            $"select id from summoners_grid.ownership_history where card_instance_id = '{card}' and position = {position}"
        );
}
