using Gamekeeper.Simulation.Reads;
using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Tests.Simulation.Reads;

public sealed class StrikeTimesTests
{
    private static readonly StrikeTimes Two = new([At(50, 60), At(10, 20)]);

    [Theory]
    [InlineData(0, 9, false)]
    [InlineData(0, 10, true)]
    [InlineData(12, 13, true)]
    [InlineData(20, 49, true)]
    [InlineData(21, 49, false)]
    [InlineData(5, 100, true)]
    [InlineData(60, 70, true)]
    [InlineData(61, 70, false)]
    public void What_falls_into_a_strike_is_covered_by_it(long began, long ended, bool isCovered) => Two.Cover(began, ended).ShouldBe(isCovered);

    [Fact]
    public void Without_strikes_nothing_is() => new StrikeTimes([]).Cover(0, 100).ShouldBeFalse();

    private static Strike At(long began, long over) => new(FaultKind.RedisPaused, null, began, over, over, "");
}
