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
}
