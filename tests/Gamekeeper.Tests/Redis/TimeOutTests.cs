using Gamekeeper.Redis;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Redis;

public sealed class TimeOutTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_late_answer_goes_to_nobody_and_least_of_all_to_the_next_caller()
    {
        await using var redis = await TestRedis.StartAsync();
        var clock = new ManualClock();
        await using var client = await redis.ClientAsync(Impatient, clock);
        await client.SendAsync(new("MSET", "a", "A", "b", "B"));
        redis.Pause();
        var late = client.SendAsync(new("GET", "a")).AsTask();
        var several = client.SendAllAsync([new("GET", "a"), new("INCR", "once")]).AsTask();

        clock.Advance(Limit * 1.2);

        var failure = await Should.ThrowAsync<RedisException>(() => late);
        (failure.Kind, failure.MayHaveRun).ShouldBe((RedisFailure.TimedOut, true));
        (await Should.ThrowAsync<RedisException>(() => several)).Kind.ShouldBe(RedisFailure.TimedOut);
        var next = client.SendAsync(new("GET", "b")).AsTask();
        redis.Resume();
        (await next).Text.ShouldBe("B");
        (await client.SendAsync(new("GET", "once"))).Text.ShouldBe("1", "what timed out has run all the same");
        client.State.ShouldBeOfType<RedisState.Ready>();
    }

    [Fact]
    public async Task A_caller_that_leaves_takes_nobodys_answer_along()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var client = await redis.ClientAsync();
        await client.SendAsync(new("MSET", "a", "A", "b", "B"));
        using var leaving = new CancellationTokenSource();
        redis.Pause();
        var left = client.SendAsync(new("GET", "a"), leaving.Token).AsTask();
        var stays = client.SendAsync(new("GET", "b"), CancellationToken.None).AsTask();

        await leaving.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(() => left)).CancellationToken.ShouldBe(leaving.Token);
        redis.Resume();
        (await stays).Text.ShouldBe("B");
        await Should.ThrowAsync<OperationCanceledException>(async () => await client.SendAsync(new("GET", "a"), leaving.Token));
        await Should.ThrowAsync<OperationCanceledException>(async () => await client.SendAllAsync([new("GET", "a")], leaving.Token));
    }

    [Fact]
    public async Task A_server_that_owes_answers_too_long_is_given_up_and_found_again()
    {
        await using var redis = await TestRedis.StartAsync();
        var clock = new ManualClock();
        await using var client = await redis.ClientAsync(Impatient, clock);
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.Lost += lost.SetResult;
        redis.Pause();
        var waiting = client.SendAsync(new("PING")).AsTask();

        clock.Advance(Limit * 2.8);
        client.State.ShouldBeOfType<RedisState.Ready>("it may still be busy");
        clock.Advance(Limit * 0.4);

        await lost.Task.WaitAsync(TimeSpan.FromSeconds(30));
        (await Should.ThrowAsync<RedisException>(() => waiting)).Kind.ShouldBe(RedisFailure.TimedOut);
        (await Should.ThrowAsync<RedisException>(async () => await client.SendAsync(new("PING")))).Kind.ShouldBe(RedisFailure.Unreachable);
        redis.Resume();
        await ComesBackAsync(client, clock);
    }

    // The pause before the next attempt is on the clock, too.
    private static async Task ComesBackAsync(RedisClient client, ManualClock clock)
    {
        await Soon.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(20));
            return client.State is RedisState.Ready;
        });
        (await client.SendAsync(new("PING"))).Text.ShouldBe("PONG");
    }

    private static void Impatient(RedisOptions options)
    {
        options.CommandTimeout = Limit;
        options.SilenceLimit = Limit * 3;
        options.HeartbeatInterval = TimeSpan.FromMinutes(1);
    }
}
