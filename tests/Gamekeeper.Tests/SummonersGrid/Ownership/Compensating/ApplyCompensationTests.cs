using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Ownership.Compensating;
using Gamekeeper.SummonersGrid.Ownership.Lineage;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.SummonersGrid.Ownership.Compensating;

/// <summary>From the plan to the moves: exactly what was shown, once, or nothing.</summary>
public sealed class ApplyCompensationTests : Incident
{
    [Fact]
    public async Task Everyone_gets_back_what_they_gave_and_the_dupe_goes_to_the_house()
    {
        var plan = await PlanAsync();
        await OwnersShouldBeAsync(dupe: Bob, bobs: Carol, carols: Hacker);

        var applied = (await ApplyAsync(plan)).ShouldBeOfType<ApplyCompensationOutcome.Applied>();

        applied.IsReplay.ShouldBeFalse();
        applied.Compensation.AppliedBy.ShouldBe(World.Service.Id);
        await OwnersShouldBeAsync(dupe: House, bobs: Bob, carols: Carol);
        var last = (await World.Get<OwnershipHistory>().ReadAsync(BobsCard))!.Events[^1];
        last.Method.ShouldBe("compensation");
        last.Data.ShouldNotBeNull().ShouldContain(plan.Id.ToString());
        last.Data.ShouldContain(Mint.ToString());
        (await World.Get<OwnershipHistory>().ReadAsync(BobsCard))!.Operations[last.OperationId].Kind.ShouldBe("compensate");
        (await World.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Twice_is_once_and_shows_who_did_it()
    {
        var plan = await PlanAsync();
        await ApplyAsync(plan);
        var other = World.Service with { Id = Guid.CreateVersion7() };

        var again = (await ApplyAsync(plan, other)).ShouldBeOfType<ApplyCompensationOutcome.Applied>();

        again.IsReplay.ShouldBeTrue();
        again.Compensation.AppliedBy.ShouldBe(World.Service.Id);
        (await CompensatingOperationsAsync()).ShouldBe(1);
        (await AskAsync()).ShouldBeOfType<PlanCompensationOutcome.AlreadyCompensated>().Compensations.ShouldBe([plan.Id]);
        var lineage = (await World.Get<TraceLineage>().RunAsync(new LineageStart.OfOperation(Mint))).ShouldBeOfType<LineageOutcome.Traced>().Lineage;
        lineage.Cards.ShouldBeEmpty();
        lineage.Compensations.ShouldBe([plan.Id]);
    }

    [Fact]
    public async Task Two_operators_at_once_apply_it_once()
    {
        var plan = await PlanAsync();
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => ApplyAsync(plan, World.Service with { Id = Guid.CreateVersion7() })).ToList()
        );

        var applied = outcomes.Select(o => o.ShouldBeOfType<ApplyCompensationOutcome.Applied>()).ToList();
        applied.Count(a => !a.IsReplay).ShouldBe(1);
        applied.Select(a => a.Compensation.AppliedBy).Distinct().Count().ShouldBe(1);
        (await CompensatingOperationsAsync()).ShouldBe(1);
        await OwnersShouldBeAsync(dupe: House, bobs: Bob, carols: Carol);
    }

    [Fact]
    public async Task A_plan_of_a_world_that_has_moved_is_refused_with_the_differences_and_changes_nothing()
    {
        var plan = await PlanAsync();
        var dave = await World.NewPlayerAsync();
        await World.TransferAsync(CarolsCard, Hacker, dave);

        var outdated = (await ApplyAsync(plan)).ShouldBeOfType<ApplyCompensationOutcome.Outdated>();

        var difference = outdated.Differences.ShouldHaveSingleItem();
        difference.Subject.ShouldBe(CarolsCard);
        difference.What.ShouldContain("3 events");
        await OwnersShouldBeAsync(dupe: Bob, bobs: Carol, carols: dave);
        (await CompensatingOperationsAsync()).ShouldBe(0);

        // The new plan takes the gift back too: it cost nothing.
        var next = await PlanAsync();
        next.Id.ShouldNotBe(plan.Id);
        (await ApplyAsync(next)).ShouldBeOfType<ApplyCompensationOutcome.Applied>();
        await OwnersShouldBeAsync(dupe: House, bobs: Bob, carols: Carol);
    }

    [Fact]
    public async Task Who_would_take_something_back_and_closed_the_account_meanwhile_stops_it()
    {
        var plan = await PlanAsync();
        await World.Database.ExecuteAsync(TestRole.Superuser, $"update summoners_grid.users set is_active = false where id = '{Carol.Key}'");

        (await ApplyAsync(plan))
            .ShouldBeOfType<ApplyCompensationOutcome.Outdated>()
            .Differences.ShouldHaveSingleItem()
            .Subject.ShouldBe(Carol.Key);
        await OwnersShouldBeAsync(dupe: Bob, bobs: Carol, carols: Hacker);
    }

    [Fact]
    public async Task Two_plans_that_overlap_do_not_take_the_same_event_back_twice()
    {
        var whole = await PlanAsync();
        var part = (await AskAsync(new LineageStart.OfCard(Dupe, World.Database.Clock.GetUtcNow().AddYears(-1)))).ShouldBeOfType<PlanCompensationOutcome.Planned>().Compensation;
        part.Id.ShouldNotBe(whole.Id);
        (await ApplyAsync(part)).ShouldBeOfType<ApplyCompensationOutcome.Applied>();

        (await ApplyAsync(whole)).ShouldBeOfType<ApplyCompensationOutcome.Outdated>();
        (await World.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Frozen_cards_go_back_too_and_stay_frozen_and_open_trades_of_theirs_end()
    {
        var offer = await World.ProposeAsync(Carol, Bob, [BobsCard], []);
        var beside = await World.ProposeAsync(Carol, Bob, await World.MintAsync(Carol, 1), []);
        var frozen = (await World.Get<FreezeLineage>().RunAsync(World.Service, new LineageStart.OfOperation(Mint), "duped"))
            .ShouldBeOfType<FreezeLineageOutcome.Done>();
        frozen.Frozen.ShouldBe(3);

        (await ApplyAsync(await PlanAsync())).ShouldBeOfType<ApplyCompensationOutcome.Applied>();

        await OwnersShouldBeAsync(dupe: House, bobs: Bob, carols: Carol);
        (await World.Get<TransferCard>().RunAsync(Bob, BobsCard, Bob.Key, Carol.Key, "gift", World.NewKey())).ShouldBeOfType<TransferCardOutcome.CardFrozen>();
        var ended = (await World.Get<TradeRepository>().FindAsync(Carol, offer.Id))!;
        ended.Status.ShouldBe(TradeStatus.Cancelled);
        ended.CancellationReason.ShouldBe("a card of this trade went back in a compensation");
        (await World.Get<TradeRepository>().FindAsync(Carol, beside.Id))!.Status.ShouldBe(TradeStatus.Pending);
    }

    [Fact]
    public async Task A_plan_that_nobody_applies_changes_nothing_and_a_player_applies_none()
    {
        var plan = await PlanAsync();
        (await PlanAsync()).Id.ShouldBe(plan.Id);
        (await ApplyAsync(plan, Hacker)).ShouldBeOfType<ApplyCompensationOutcome.NotAllowed>();
        (await World.Get<ApplyCompensation>().RunAsync(World.Service, Guid.CreateVersion7(), "why")).ShouldBeOfType<ApplyCompensationOutcome.Unknown>();
        (await World.Get<ApplyCompensation>().RunAsync(World.Service, plan.Id, " ")).ShouldBeOfType<ApplyCompensationOutcome.Invalid>();
        await OwnersShouldBeAsync(dupe: Bob, bobs: Carol, carols: Hacker);
    }

    [Fact]
    public async Task A_plan_that_somebody_altered_is_not_applied()
    {
        var plan = await PlanAsync();
        await World.Database.ExecuteAsync(
            TestRole.Superuser,
            $"update summoners_grid.compensations set plan = replace(plan::text, '{Carol.Key}', '{Hacker.Key}')::jsonb where id = '{plan.Id}'"
        );
        (await Should.ThrowAsync<GamekeeperException>(ApplyAsync(plan))).Code.ShouldBe("compensations.altered");
        await OwnersShouldBeAsync(dupe: Bob, bobs: Carol, carols: Hacker);
    }

    [Fact]
    public async Task A_move_that_no_plan_says_is_a_breach()
    {
        (await ApplyAsync(await PlanAsync())).ShouldBeOfType<ApplyCompensationOutcome.Applied>();
        await World.Database.ExecuteAsync(TestRole.Superuser, "update summoners_grid.compensations set operation_id = null");
        (await World.BreachesAsync()).ShouldContain(b => b.Invariant == "summoners_grid.compensations-moved-their-cards");
    }

    private Task<long> CompensatingOperationsAsync() =>
        World.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from summoners_grid.ownership_operations where kind = 'compensate'");
}
