using System.Text;
using System.Threading.Channels;
using Gamekeeper.Redis;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Redis;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task Messages_arrive_in_order_and_end_with_the_subscription()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = await redis.ClientAsync();
        var heard = Channel.CreateUnbounded<string>();
        var subscription = await client.SubscribeAsync("order", m => heard.Writer.TryWrite(Encoding.UTF8.GetString(m.Span)));
        for (var i = 0; i < 100; i++)
            (await client.SendAsync(new("PUBLISH", "order", i))).Integer.ShouldBe(1);
        for (var i = 0; i < 100; i++)
            (await heard.Reader.ReadAsync()).ShouldBe($"{i}");

        await subscription.DisposeAsync();

        subscription.IsEstablished.ShouldBeFalse();
        await Soon.TrueAsync(async () => (await client.SendAsync(new("PUBLISH", "order", "late"))).Integer == 0);
        heard.Reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task After_a_restart_it_is_told_lost_then_established_and_messages_come_again()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var client = await redis.ClientAsync();
        var told = Channel.CreateUnbounded<string>();
        await using var subscription = await client.SubscribeAsync(
            "news",
            m => told.Writer.TryWrite(Encoding.UTF8.GetString(m.Span)),
            () => told.Writer.TryWrite("(established)"),
            () => told.Writer.TryWrite("(lost)")
        );
        await client.SendAsync(new("PUBLISH", "news", "one"));
        await NextAsync(told, "(established)");
        await NextAsync(told, "one");

        await redis.KillAsync();
        await NextAsync(told, "(lost)");
        subscription.IsEstablished.ShouldBeFalse();
        await redis.RestartAsync();
        await NextAsync(told, "(established)");
        subscription.IsEstablished.ShouldBeTrue();

        await client.ReadyAsync();
        (await client.SendAsync(new("PUBLISH", "news", "two"))).Integer.ShouldBe(1);
        await NextAsync(told, "two");
    }

    [Fact]
    public async Task It_can_be_asked_for_before_there_is_a_server()
    {
        await using var redis = await TestRedis.StartAsync();
        await redis.KillAsync();
        await using var client = redis.NewClient();
        var told = Channel.CreateUnbounded<string>();
        await using var subscription = client.Subscribe("early", _ => { }, () => told.Writer.TryWrite("(established)"), () => told.Writer.TryWrite("(lost)"));

        await redis.RestartAsync();

        await NextAsync(told, "(established)");
        await subscription.Established;
    }

    [Fact]
    public async Task Two_listeners_share_a_channel_and_one_leaving_leaves_the_other()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = await redis.ClientAsync();
        var (first, second) = (Channel.CreateUnbounded<string>(), Channel.CreateUnbounded<string>());
        var leaving = await client.SubscribeAsync("shared", m => first.Writer.TryWrite("x"));
        await using var staying = await client.SubscribeAsync("shared", m => second.Writer.TryWrite("x"));
        (await client.SendAsync(new("PUBLISH", "shared", "1"))).Integer.ShouldBe(1);
        await NextAsync(first, "x");
        await NextAsync(second, "x");

        await leaving.DisposeAsync();
        (await client.SendAsync(new("PUBLISH", "shared", "2"))).Integer.ShouldBe(1);

        await NextAsync(second, "x");
        first.Reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Leaving_and_coming_back_at_once_misses_nothing_once_it_is_established()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = await redis.ClientAsync();
        var heard = Channel.CreateUnbounded<string>();
        for (var round = 0; round < 200; round++)
        {
            await using var subscription = await client.SubscribeAsync("revolving", m => heard.Writer.TryWrite(Encoding.UTF8.GetString(m.Span)));
            (await client.SendAsync(new("PUBLISH", "revolving", round))).Integer.ShouldBe(1, $"round {round}");
            await NextAsync(heard, $"{round}");
        }
    }

    [Fact]
    public async Task A_confirmation_still_on_its_way_confirms_nobody_who_came_later()
    {
        var subscribed = 0;
        string Push(string kind, string content, string channel = "c") => $">3\r\n{FakeServer.Bulk(kind)}{FakeServer.Bulk(channel)}{content}";
        var both =
            Push("subscribe", ":1\r\n") + Push("message", FakeServer.Bulk("between")) + Push("unsubscribe", ":0\r\n")
            + Push("subscribe", ":1\r\n") + Push("message", FakeServer.Bulk("after"));
        await using var server = FakeServer.Behaved(command =>
            command == "SUBSCRIBE other" ? Push("subscribe", ":1\r\n", "other")
            : command == "SUBSCRIBE c" && ++subscribed == 2 ? both
            : null);
        await using var client = TestRedis.NewClient(server.ConnectionString);
        await using var other = await client.SubscribeAsync("other", _ => { });
        var heard = Channel.CreateUnbounded<string>();
        var leaving = client.Subscribe("c", m => heard.Writer.TryWrite("too early"));
        await leaving.DisposeAsync();
        await using var staying = client.Subscribe("c", m => heard.Writer.TryWrite(Encoding.UTF8.GetString(m.Span)));

        await NextAsync(heard, "after");
    }

    [Fact]
    public async Task A_listener_that_throws_goes_on_hearing()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = await redis.ClientAsync();
        var heard = Channel.CreateUnbounded<string>();
        await using var subscription = await client.SubscribeAsync(
            "clumsy",
            m =>
            {
                heard.Writer.TryWrite(Encoding.UTF8.GetString(m.Span));
                throw new InvalidOperationException("clumsy");
            }
        );
        await client.SendAllAsync([new("PUBLISH", "clumsy", "1"), new("PUBLISH", "clumsy", "2")]);

        await NextAsync(heard, "1");
        await NextAsync(heard, "2");
    }

    [Fact]
    public async Task A_channel_that_the_user_may_not_hear_is_refused_and_the_connection_stays_in_step()
    {
        await using var redis = await TestRedis.StartAsync("--user app on >hunter2 ~* +@all resetchannels &allowed");
        await using var client = TestRedis.NewClient($"redis://app:hunter2@127.0.0.1:{redis.Port}");
        await using var allowed = await client.SubscribeAsync("allowed", _ => { });

        var refused = await Should.ThrowAsync<RedisException>(() => client.SubscribeAsync("forbidden", _ => { }));

        refused.Code.ShouldBe("NOPERM");
        await client.ReadyAsync();
        (await client.PingAsync()).ShouldBeGreaterThan(TimeSpan.Zero);
        await using var another = await client.SubscribeAsync("allowed", _ => { });
        allowed.IsEstablished.ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_stops_waiting_is_not_subscribed()
    {
        await using var redis = await TestRedis.StartAsync();
        await redis.KillAsync();
        await using var client = redis.NewClient();
        using var leaving = new CancellationTokenSource();
        var subscribing = client.SubscribeAsync("left", _ => { }, cancellationToken: leaving.Token);

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => subscribing);
        await redis.RestartAsync();
        await using var other = await client.SubscribeAsync("other", _ => { });
        await client.ReadyAsync();
        (await client.SendAsync(new("PUBLISH", "left", "x"))).Integer.ShouldBe(0);
    }

    private static async Task NextAsync(Channel<string> channel, string expected) =>
        (await channel.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(expected);
}
