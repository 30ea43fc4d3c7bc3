using Gamekeeper.Simulation.Ownership;
using Gamekeeper.Simulation.Ownership.Playing;

namespace Gamekeeper.Tests.Simulation.Ownership;

public sealed class ScheduleTests
{
    private static readonly ProofPlan Plan = new(Seed: 42, Operations: 3000, Kills: 10, Clients: 16, Servers: 2);

    [Fact]
    public void A_seed_is_a_schedule()
    {
        var (one, again) = (Schedule.Of(Plan), Schedule.Of(Plan));
        again.Plays.ShouldBe(one.Plays);
        again.Faults.ShouldBe(one.Faults);
        Schedule.Of(Plan with { Seed = 43 }).Plays.ShouldNotBe(one.Plays);
    }

    [Fact]
    public void The_number_of_clients_changes_nothing_of_it() => Schedule.Of(Plan with { Clients = 4 }).Plays.ShouldBe(Schedule.Of(Plan).Plays);

    [Fact]
    public void It_has_every_kind_of_play_and_as_many_operations_as_asked_for()
    {
        var schedule = Schedule.Of(Plan);
        schedule.Plays.Select(p => p.Kind).Distinct().ShouldBe(Enum.GetValues<PlayKind>(), ignoreOrder: true);
        schedule.Plays.Sum(p => p.Operations).ShouldBeInRange(Plan.Operations, Plan.Operations + 8);
    }

    [Fact]
    public void Every_victim_has_its_turn_and_work_goes_on_behind_the_last_one()
    {
        var faults = Schedule.Of(Plan).Faults;
        faults.Count.ShouldBe(Plan.Kills);
        faults.Select(f => f.AtOperation).ShouldBeInOrder();
        faults[^1].AtOperation.ShouldBeLessThan(Plan.Operations);
        faults.Take(3).Select(f => f.Victim).ShouldBe(Enum.GetValues<Victim>(), ignoreOrder: true);
    }
}
