using Gamekeeper.Redis;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Redis;

public sealed class SignInTests
{
    [Fact]
    public async Task An_ACL_user_signs_in_with_its_password()
    {
        await using var redis = await TestRedis.StartAsync("--user app on >hunter2 ~game:* &* +@all -@dangerous +info", "--requirepass hunter3");
        await using var client = TestRedis.NewClient($"redis://app:hunter2@127.0.0.1:{redis.Port}");
        await client.ReadyAsync().WaitAsync(TimeSpan.FromSeconds(30));

        (await client.SendAsync(new("SET", "game:a", "1"))).Text.ShouldBe("OK");
        (await Should.ThrowAsync<RedisException>(async () => await client.SendAsync(new("SET", "other", "1")))).Code.ShouldBe("NOPERM");

        await using var byDefault = TestRedis.NewClient($"127.0.0.1:{redis.Port},password=hunter3");
        await byDefault.ReadyAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("app:hunter9@", "does not accept the password of user 'app'")]
    [InlineData("nobody:hunter9@", "does not accept the password of user 'nobody'")]
    [InlineData("", "asks for a password")]
    [InlineData("poor:hunter4@", "+info")]
    public async Task Whoever_is_not_let_in_is_told_why_and_no_password_is_repeated(string entry, string said)
    {
        await using var redis = await TestRedis.StartAsync("--user app on >hunter2 ~* +@all", "--user poor on >hunter4 ~* +get", "--requirepass hunter3");
        await using var client = TestRedis.NewClient($"redis://{entry}127.0.0.1:{redis.Port}");
        client.Start();

        var refused = await RefusedAsync(client);

        refused.Reason.ShouldContain(said);
        refused.Reason.ShouldNotContain("hunter");
        var failure = await Should.ThrowAsync<RedisException>(async () => await client.SendAsync(new("PING")));
        failure.Kind.ShouldBe(RedisFailure.Unreachable);
        failure.Message.ShouldContain(said);
    }

    [Fact]
    public async Task A_password_that_becomes_right_is_found_to_be_right()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var client = TestRedis.NewClient($"redis://app:hunter2@127.0.0.1:{redis.Port}");
        client.Start();
        await RefusedAsync(client);
        await using var operatorsOwn = await redis.ClientAsync();

        await operatorsOwn.SendAsync(new("ACL", "SETUSER", "app", "on", ">hunter2", "~*", "+@all"));

        await client.ReadyAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_told()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = TestRedis.NewClient($"{redis.ConnectionString}/99");
        client.Start();
        (await RefusedAsync(client)).Reason.ShouldContain("database 99");
    }

    [Fact]
    public async Task Redis_6_is_refused_by_name()
    {
        await using var server = new FakeServer(_ => FakeServer.Hello7.Replace("7.0.15", "6.2.0", StringComparison.Ordinal));
        await using var client = TestRedis.NewClient(server.ConnectionString);
        client.Start();
        (await RefusedAsync(client)).Reason.ShouldBe($"Redis 6.2.0 at {server.Address} is too old: Redis 7 or newer is needed.");
    }

    [Fact]
    public async Task One_too_old_for_HELLO_is_refused_and_what_it_repeats_is_not()
    {
        await using var server = new FakeServer(command => $"-ERR unknown command `HELLO`, with args beginning with: `{command.Replace(" ", "`, `", StringComparison.Ordinal)}`, \r\n");
        await using var client = TestRedis.NewClient($"redis://app:hunter2@{server.Address}");
        client.Start();
        var refused = await RefusedAsync(client);
        refused.Reason.ShouldContain("Redis 7 or newer is needed");
        refused.Reason.ShouldNotContain("hunter");
    }

    [Fact]
    public async Task One_that_still_loads_its_data_is_waited_for()
    {
        var loading = 3;
        await using var server = new FakeServer(command =>
            command.StartsWith("HELLO", StringComparison.Ordinal) ? FakeServer.Hello7
            : FakeServer.Bulk($"run_id:fake\r\nloading:{(Interlocked.Decrement(ref loading) > 0 ? 1 : 0)}\r\n"));
        await using var client = TestRedis.NewClient(server.ConnectionString);

        await client.ReadyAsync().WaitAsync(TimeSpan.FromSeconds(30));

        loading.ShouldBe(0);
    }

    [Fact]
    public async Task One_that_accepts_and_says_nothing_is_left_after_the_time_to_connect()
    {
        await using var server = new FakeServer(_ => null);
        var clock = new ManualClock();
        await using var client = TestRedis.NewClient(server.ConnectionString, o => o.ConnectTimeout = TimeSpan.FromSeconds(1), clock);
        client.Start();
        await Soon.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return client.State is RedisState.Connecting { LastFailure: { } failure } && failure.Contains("1000 ms", StringComparison.Ordinal);
        });
    }

    internal static async Task<RedisState.Refused> RefusedAsync(RedisClient client)
    {
        await Soon.TrueAsync(() => client.State is RedisState.Refused, client.State.ToString());
        return (RedisState.Refused)client.State;
    }
}
