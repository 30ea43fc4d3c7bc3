using Gamekeeper.Telemetry;

namespace Gamekeeper.Tests.Telemetry;

public sealed class StatementTimingsTests
{
    [Fact]
    public void Many_threads_lose_no_call()
    {
        var timings = new StatementTimings();

        Parallel.For(0, 1_000_000, n => timings.Add($"S{n % 3}", TimeSpan.FromTicks(n % 3 + 1)));

        timings.Read().Select(t => (t.Statement, t.Calls, t.Total.Ticks)).ShouldBe([("S2", 333_333, 999_999), ("S1", 333_333, 666_666), ("S0", 333_334, 333_334)]);
    }

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
