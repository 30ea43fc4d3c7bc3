using System.Text;
using Gamekeeper.Redis;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Redis;

public sealed class CommandTests
{
    [Fact]
    public void A_command_stands_on_the_wire_as_Redis_wants_it()
    {
        var buffer = new CommandBuffer();
        buffer.Append(new("SET", "ключ", new byte[] { 0, 13, 10 }, new ReadOnlyMemory<byte>([1, 2, 3, 4], 1, 2), -7));
        buffer.Append(new("PING"));
        Encoding.Latin1.GetString(buffer.Written.Span)
            .ShouldBe("*5\r\n$3\r\nSET\r\n$8\r\n" + Encoding.Latin1.GetString("ключ"u8) + "\r\n$3\r\n\0\r\n\r\n$2\r\n\u0002\u0003\r\n$2\r\n-7\r\n*1\r\n$4\r\nPING\r\n");
    }

    [Fact]
    public async Task Values_come_back_as_they_were_from_nothing_to_large()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = await redis.ClientAsync();
        foreach (var size in new[] { 0, 1, 300, 16_384, 65_536, 5_000_000 })
        {
            var value = new byte[size];
            new Random(size).NextBytes(value);
            (await client.SendAsync(new("SET", $"size:{size}", value))).Text.ShouldBe("OK");
            (await client.SendAsync(new("GET", $"size:{size}"))).Bytes.ShouldBe(value);
            await client.SendAsync(new("DEL", $"size:{size}"));
        }
        (await client.SendAsync(new("GET", "nothing"))).IsNull.ShouldBeTrue();
    }

    [Fact]
    public async Task A_refusal_carries_the_servers_code_and_the_connection_goes_on()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = await redis.ClientAsync();
        await client.SendAsync(new("SET", "text", "x"));

        var refused = await Should.ThrowAsync<RedisException>(async () => await client.SendAsync(new("LPUSH", "text", "y")));

        (refused.Kind, refused.Code, refused.MayHaveRun).ShouldBe((RedisFailure.Refused, "WRONGTYPE", false));
        (await client.SendAsync(new("GET", "text"))).Text.ShouldBe("x");
    }

    [Fact]
    public async Task Several_commands_go_in_one_write_and_one_refusal_hides_no_other_answer()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = await redis.ClientAsync();

        var replies = await client.SendAllAsync([new("SET", "several", 1), new("LPUSH", "several", "y"), new("INCR", "several"), new("GET", "several")]);

        replies[0].Text.ShouldBe("OK");
        replies[1].Error.ShouldNotBeNull().Code.ShouldBe("WRONGTYPE");
        replies[2].Integer.ShouldBe(2);
        replies[3].Text.ShouldBe("2");
        (await client.SendAllAsync(ReadOnlySpan<RedisCommand>.Empty)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Sixty_four_callers_each_get_their_own_answers()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = await redis.ClientAsync();
        await client.SendAsync(new("SET", "crowd:text", "x"));

        await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(() => CallAsync(client, caller))));
    }

    [Fact]
    public async Task A_database_sees_nothing_of_another()
    {
        var redis = await TestRedis.SharedAsync();
        await using var first = await redis.ClientAsync();
        await using var second = TestRedis.NewClient($"{redis.ConnectionString}/9");
        await second.ReadyAsync();

        await second.SendAsync(new("SET", "isolated", "9"));

        (await first.SendAsync(new("GET", "isolated"))).IsNull.ShouldBeTrue();
        (await second.SendAsync(new("GET", "isolated"))).Text.ShouldBe("9");
    }

    [Fact]
    public async Task A_socket_file_serves_as_well()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = TestRedis.NewClient($"unix://{redis.SocketFile}?db=8");
        await client.ReadyAsync();

        await client.SendAsync(new("SET", "by-socket", "8"));

        (await client.SendAsync(new("GET", "by-socket"))).Text.ShouldBe("8");
        (await client.PingAsync()).ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_script_the_server_has_forgotten_is_sent_again_whole()
    {
        var redis = await TestRedis.StartAsync();
        await using var _ = redis;
        await using var client = await redis.ClientAsync();
        var script = new RedisScript("redis.call('incrby', KEYS[1], ARGV[1]) return {KEYS[1], redis.call('get', KEYS[1])}");
        for (var round = 1; round <= 3; round++)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.EvalAsync(script, ["counted"], [1]).AsTask()));

            replies.Select(r => r.Items[1].Integer).Max().ShouldBe(20 * round, "each call has run once");
            (await client.SendAsync(new("SCRIPT", "EXISTS", script.Sha))).Items[0].Integer.ShouldBe(1);
            await client.SendAsync(new("SCRIPT", "FLUSH"));
        }
    }

    [Fact]
    public async Task An_answer_beyond_the_limit_ends_the_connection_and_not_the_process()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = await redis.ClientAsync(o => o.MaxReplyBytes = 10_000);
        await client.SendAsync(new("SET", "too-large", new byte[20_000]));

        var failure = await Should.ThrowAsync<RedisException>(async () => await client.SendAsync(new("GET", "too-large")));

        (failure.Kind, failure.MayHaveRun).ShouldBe((RedisFailure.Protocol, true));
        await client.ReadyAsync();
        (await client.SendAsync(new("DEL", "too-large"))).Integer.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_talks_nonsense_is_left()
    {
        await using var server = FakeServer.Behaved(command => command == "GET a" ? "+ok\r\n+nobody asked\r\n" : "$3\r\nabcde\r\n");
        await using var client = TestRedis.NewClient(server.ConnectionString, o => o.HeartbeatInterval = TimeSpan.FromMinutes(1));
        var lost = new SemaphoreSlim(0);
        client.Lost += () => lost.Release();
        await client.ReadyAsync();

        (await client.SendAsync(new("GET", "a"))).Text.ShouldBe("ok");
        (await lost.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue("an answer to nobody would be the next one's");
        await client.ReadyAsync();
        (await Should.ThrowAsync<RedisException>(async () => await client.SendAsync(new("GET", "b")))).Kind.ShouldBe(RedisFailure.Protocol);
    }

    // Sizes from nothing to more than a packet, with refusals between them: an answer out of step shows at once.
    private static async Task CallAsync(RedisClient client, int caller)
    {
        var random = new Random(caller);
        var key = $"crowd:{caller}";
        for (var i = 0; i < 200; i++)
        {
            var value = new byte[random.Next(8) == 0 ? random.Next(100_000) : random.Next(300)];
            random.NextBytes(value);
            var set = client.SendAsync(new("SET", key, value));
            var refused = client.SendAsync(new("INCR", "crowd:text"));
            var get = client.SendAsync(new("GET", key));
            (await set).Text.ShouldBe("OK");
            (await Should.ThrowAsync<RedisException>(async () => await refused)).Kind.ShouldBe(RedisFailure.Refused);
            (await get).Bytes.AsSpan().SequenceEqual(value).ShouldBeTrue($"caller {caller}, round {i}");
        }
    }
}
