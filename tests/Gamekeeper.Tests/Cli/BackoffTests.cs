using Gamekeeper.Cli.Supervision;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Cli;

public class BackoffTests
{
    [Fact]
    public void What_dies_once_is_started_at_once_and_what_keeps_dying_later_and_later_up_to_ten_seconds()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var backoff = new Backoff(clock);

        var delays = Enumerable.Range(0, 9).Select(_ =>
        {
            backoff.Started();
            clock.Advance(TimeSpan.FromSeconds(1));
            return backoff.Died().TotalSeconds;
        });

        delays.ShouldBe([0, 0.25, 0.5, 1, 2, 4, 8, 10, 10]);
    }

    [Fact]
    public void What_ran_for_half_a_minute_is_forgiven()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var backoff = new Backoff(clock);
        backoff.Died();
        backoff.Died();

        backoff.Started();
        clock.Advance(TimeSpan.FromSeconds(30));

        backoff.Died().ShouldBe(TimeSpan.Zero);
    }
}
