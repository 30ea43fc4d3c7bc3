using Gamekeeper.Redis;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Caching;

/// <summary>What looks over the shoulder of the Redis of a whole run sees what it has to see.</summary>
public sealed class RedisWatchTests
{
    [Theory]
    [InlineData(""" "HSET" "sg:user:profile:{0192}@1f00aa" "v" "\x01mira" """, null)]
    [InlineData(""" "HSET" "k" "v" "\x10mira@studio.example" """, "mira@studio.example")]
    [InlineData(""" "HSET" "k" "v" "\x01203.0.113.7" """, "203.0.113.7")]
    [InlineData(""" "EVALSHA" "9a" "1" "k" "AQAAAAIAAYagAAAAEOd5M1a2J1kWq" """, "AQAAAAIAAYagAAAAEOd5M1a2J1")]
    [InlineData(""" "SET" "k" "gk_0192aabbccddeeff00112233_x" """, "gk_0192aabbccddeeff")]
    [InlineData(""" "SET" "k" "correct horse battery" """, "correct horse")]
    public void It_knows_what_must_not_be_there(string command, string? secret) => RedisWatch.Secret(command).ShouldBe(secret);

    [Fact]
    public async Task It_sees_what_is_gone_at_once()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var watch = await RedisWatch.StartAsync(redis.Port);
        await using var client = await redis.ClientAsync();

        await client.SendAsync(new RedisCommand("SET", "sg:user:profile:{1}", "mira@studio.example", "PX", 1L));
        await client.SendAsync(new RedisCommand("FLUSHALL"));
        await watch.CatchUpAsync(async mark => await client.SendAsync(new RedisCommand("ECHO", mark)));

        watch.Found.ShouldHaveSingleItem().ShouldStartWith("mira@studio.example");
    }
}
