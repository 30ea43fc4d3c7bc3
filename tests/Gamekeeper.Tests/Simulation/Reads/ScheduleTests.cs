using Gamekeeper.Simulation.Reads;
using Gamekeeper.Simulation.Reads.Faults;

namespace Gamekeeper.Tests.Simulation.Reads;

public sealed class ScheduleTests
{
    private static readonly ReadsPlan Plan = new(Seed: 7, Operations: 1_000_000, Rate: 2000, Without: null, Only: []);

    [Fact]
    public void The_same_seed_gives_the_same_schedule_and_another_one_another()
    {
        Schedule.Of(Plan).Stretches.ShouldBe(Schedule.Of(Plan).Stretches);
        Schedule.Of(Plan with { Seed = 8 }).Stretches.ShouldNotBe(Schedule.Of(Plan).Stretches);
    }

    [Theory]
    [InlineData(2000)]
    [InlineData(1_000_000)]
    public void Every_fault_has_its_share_with_nothing_broken_before_and_after_it(int operations)
    {
        var stretches = Schedule.Of(Plan with { Operations = operations }).Stretches;
        stretches.Where((_, i) => i % 2 == 0).ShouldAllBe(s => s.Kind == null);
        stretches.Select(s => s.Kind).OfType<FaultKind>().Order().ShouldBe(Enum.GetValues<FaultKind>());
        var writes = stretches.Sum(s => s.Writes);
        stretches.Where(s => s.Kind != null).ShouldAllBe(s => (double)s.Writes / writes >= 1.1 * ReadsPlan.LeastShare);
        (stretches.Sum(s => s.Reads) + writes).ShouldBeGreaterThanOrEqualTo(operations);
    }

    [Fact]
    public void What_a_fault_left_cold_is_read_back_by_the_smaller_part_of_a_stretch_without_one()
    {
        const int ValuesOfAPlayer = 4;
        var smallest = Plan with { Operations = 2000 };
        Schedule.Of(smallest).Stretches.Where(s => s.Kind == null)
            .ShouldAllBe(s => smallest.Players * ValuesOfAPlayer <= 0.1 * s.Reads);
    }

    [Fact]
    public void Reads_and_writes_of_a_stretch_end_together()
    {
        foreach (var stretch in Schedule.Of(Plan).Stretches)
        {
            (stretch.ReadRate + stretch.WriteRate).ShouldBe(stretch.Rate, 0.001);
            (stretch.Reads / stretch.ReadRate).ShouldBe(stretch.Writes / stretch.WriteRate, 0.001);
        }
    }
}
