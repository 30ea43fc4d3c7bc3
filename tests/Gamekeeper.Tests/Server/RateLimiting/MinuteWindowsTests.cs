using System.Net;
using Gamekeeper.Server.RateLimiting;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Server.RateLimiting;

public sealed class MinuteWindowsTests
{
    [Fact]
    public void After_a_minute_the_count_begins_anew()
    {
        var clock = new ManualClock();
        var windows = new MinuteWindows(clock);
        for (var i = 0; i < 100; i++)
            windows.Take("a", 100).ShouldBeNull();
        clock.Advance(TimeSpan.FromSeconds(20));
        windows.Take("a", 100).ShouldBe(TimeSpan.FromSeconds(40));
        windows.Take("b", 100).ShouldBeNull();
        clock.Advance(TimeSpan.FromSeconds(40));
        windows.Take("a", 100).ShouldBeNull();
    }

    [Fact]
    public async Task However_many_ask_at_once_the_limit_is_met_exactly()
    {
        var windows = new MinuteWindows(new ManualClock());
        var taken = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 100).Count(_ => windows.Take("a", 250) is null)))
        );
        taken.Sum().ShouldBe(250);
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void A_caller_is_its_address_and_of_ipv6_its_network(string address, string counted) =>
        CallerAddress.Partition(IPAddress.Parse(address)).ShouldBe(counted);
}
