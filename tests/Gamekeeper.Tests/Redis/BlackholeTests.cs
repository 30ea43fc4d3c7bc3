using Gamekeeper.Redis;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Redis;

/// <summary>A network that drops packets closes nothing. The stated bound: heartbeat and silence limit together, and a look's delay.</summary>
public sealed class BlackholeTests
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task It_is_noticed_within_the_stated_bound_though_nobody_asks(bool requests, bool answers)
    {
        await using var redis = await TestRedis.StartAsync();
        await using var relay = new SwallowingRelay(redis.Port);
        var clock = new ManualClock();
        await using var client = TestRedis.NewClient(relay.ConnectionString, Quick, clock);
        await client.ReadyAsync();
        var (established, lost) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        var subscribing = client.SubscribeAsync("c", _ => { }, () => established.Release(), () => lost.Release());
        await using var subscription = await subscribing;
        await established.WaitAsync();
        var bothLost = new CountdownEvent(2);
        client.Lost += () => bothLost.Signal();
        // What is on the way back arrives before the hole opens.
        await client.PingAsync();
        relay.Swallow(requests, answers);

        // A step at a time, as a clock goes: the heartbeat has to be sent before it can remain without an answer.
        var bound = Heartbeat + Silence + (2 * TimeSpan.FromMilliseconds(25));
        for (var passed = TimeSpan.Zero; passed < bound; passed += Step)
            clock.Advance(Step);

        bothLost.IsSet.ShouldBeTrue("both connections are given up");
        subscription.IsEstablished.ShouldBeFalse();
        (await lost.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        relay.Swallow(requests: false, answers: false);
        await Soon.TrueAsync(() =>
        {
            clock.Advance(Step);
            return client.State is RedisState.Ready && subscription.IsEstablished;
        });
    }

    [Fact]
    public async Task Messages_do_not_hide_that_nothing_of_ours_arrives()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var relay = new SwallowingRelay(redis.Port);
        await using var publisher = await redis.ClientAsync();
        var clock = new ManualClock();
        await using var client = TestRedis.NewClient(relay.ConnectionString, Quick, clock);
        var (messages, lost) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        await using var subscription = await client.SubscribeAsync("c", _ => messages.Release(), null, () => lost.Release());
        relay.Swallow(requests: true, answers: false);

        var passed = TimeSpan.Zero;
        while (subscription.IsEstablished)
        {
            passed.ShouldBeLessThan(Heartbeat + Silence + (Step * 20));
            (await publisher.SendAsync(new("PUBLISH", "c", "x"))).Integer.ShouldBe(1);
            (await messages.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
            clock.Advance(Step * 10);
            passed += Step * 10;
        }

        (await lost.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
    }

    private static void Quick(RedisOptions options)
    {
        options.CommandTimeout = TimeSpan.FromMilliseconds(250);
        options.HeartbeatInterval = Heartbeat;
        options.SilenceLimit = Silence;
    }
}
