using Gamekeeper.Telemetry;

namespace Gamekeeper.Tests.Telemetry;

public sealed class StatementTimingsTests
{
    [Fact]
    public void Names_beyond_the_limit_are_counted_together()
    {
        var timings = new StatementTimings();

        for (var n = 0; n < StatementTimings.MaxNames + 50; n++)
            timings.Add($"S{n}", TimeSpan.FromMilliseconds(1));

        var read = timings.Read();
        read.Count.ShouldBe(StatementTimings.MaxNames + 1);
        read.Sum(t => t.Calls).ShouldBe(StatementTimings.MaxNames + 50);
        read.Single(t => t.Statement == "(others)").Calls.ShouldBe(50);
    }
}
