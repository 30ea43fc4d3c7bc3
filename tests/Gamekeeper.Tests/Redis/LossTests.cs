using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gamekeeper.Redis;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Redis;

public sealed class LossTests
{
    [Fact]
    public async Task A_server_killed_in_mid_flight_fails_every_waiter_and_is_found_again()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var client = await redis.ClientAsync();
        List<Task<RedisReply>> waiting = [];
        var (losses, toldBefore) = (0, 0);
        client.Lost += () =>
        {
            losses++;
            toldBefore += waiting.Count(w => w.IsCompleted);
        };
        var before = client.RunId;
        redis.Pause();
        waiting.AddRange(Enumerable.Range(0, 5000).Select(i => client.SendAsync(new("INCR", $"k{i}")).AsTask()));

        await redis.KillAsync();

        foreach (var waiter in waiting)
            (await Should.ThrowAsync<RedisException>(() => waiter)).Kind.ShouldBe(RedisFailure.ConnectionLost);
        (losses, toldBefore).ShouldBe((1, 0), "whoever watches over the connection is told before any caller");
        client.RunId.ShouldBeNull();
        (await Should.ThrowAsync<RedisException>(async () => await client.SendAsync(new("PING")))).MayHaveRun.ShouldBeFalse();

        await redis.RestartAsync();
        await client.ReadyAsync().WaitAsync(TimeSpan.FromSeconds(30));
        (await client.SendAsync(new("PING"))).Text.ShouldBe("PONG");
        client.RunId.ShouldNotBeNull().ShouldNotBe(before);
        losses.ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_was_not_sent_knows_that_it_has_not_run()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var relay = new SwallowingRelay(redis.Port);
        await using var client = TestRedis.NewClient(relay.ConnectionString, o => o.MaxUnsentBytes = 512 * 1024 * 1024);
        await client.ReadyAsync();
        relay.Clog();
        var sent = client.SendAsync(new("INCR", "sent")).AsTask();

        // More than all buffers on the way take: what comes behind it stays with us.
        var isOnItsWay = HandedOver(100_000_000);
        var stuck = client.SendAsync(new("SET", "stuck", new byte[100_000_000])).AsTask();
        await isOnItsWay;
        var behind = Enumerable.Range(0, 10).Select(i => client.SendAsync(new("INCR", "behind")).AsTask()).ToList();

        await redis.KillAsync();

        (await Should.ThrowAsync<RedisException>(() => sent)).MayHaveRun.ShouldBeTrue();
        (await Should.ThrowAsync<RedisException>(() => stuck)).MayHaveRun.ShouldBeTrue();
        foreach (var waiter in behind)
        {
            var failure = await Should.ThrowAsync<RedisException>(() => waiter);
            (failure.Kind, failure.MayHaveRun).ShouldBe((RedisFailure.ConnectionLost, false));
            failure.Message.ShouldContain("INCR was not sent");
        }
    }

    [Fact]
    public async Task Another_run_id_is_seen_before_any_command_passes()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var client = redis.NewClient();
        var seen = new ConcurrentQueue<RedisIdentity>();
        var may = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new SemaphoreSlim(0);
        may.SetResult();
        client.Verifying = async (identity, ct) =>
        {
            seen.Enqueue(identity);
            asked.Release();
            await may.Task.WaitAsync(ct);
        };
        await client.ReadyAsync();
        await asked.WaitAsync();
        await client.SendAsync(new("SET", "kept", "x"));
        await redis.SaveAsync(client);
        may = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await redis.KillAsync();

        await redis.RestartAsync();
        await asked.WaitAsync(TimeSpan.FromSeconds(30));

        (await Should.ThrowAsync<RedisException>(async () => await client.SendAsync(new("GET", "kept")))).Kind.ShouldBe(RedisFailure.Unreachable);
        client.RunId.ShouldBeNull();
        may.SetResult();
        await client.ReadyAsync();
        (await client.SendAsync(new("GET", "kept"))).Text.ShouldBe("x");
        seen.Select(i => i.RunId).Distinct().Count().ShouldBe(2);
        seen.ShouldAllBe(i => i.Version.Major >= 7 && i.Purpose == RedisPurpose.Commands);
        client.RunId.ShouldBe(seen.Last().RunId);
    }

    [Fact]
    public async Task A_server_that_is_not_accepted_stays_unused_and_is_asked_about_again()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = redis.NewClient();
        var asked = 0;
        client.Verifying = (_, _) => ++asked < 3 ? throw new InvalidOperationException("not this one") : Task.CompletedTask;

        await client.ReadyAsync().WaitAsync(TimeSpan.FromSeconds(30));

        asked.ShouldBe(3);
        (await client.SendAsync(new("PING"))).Text.ShouldBe("PONG");
    }

    [Fact]
    public async Task It_starts_without_a_server_and_finds_it_when_it_comes()
    {
        await using var redis = await TestRedis.StartAsync();
        await redis.KillAsync();
        await using var client = redis.NewClient();
        client.Start();
        var failure = await Should.ThrowAsync<RedisException>(async () => await client.SendAsync(new("PING")));
        failure.Kind.ShouldBe(RedisFailure.Unreachable);
        await Soon.TrueAsync(() => client.State is RedisState.Connecting { LastFailure: not null });

        await redis.RestartAsync();

        await client.ReadyAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Closed_it_says_so_and_its_waiters_are_let_go()
    {
        await using var redis = await TestRedis.StartAsync();
        var client = await redis.ClientAsync();
        redis.Pause();
        var waiting = client.SendAsync(new("PING")).AsTask();

        await client.DisposeAsync();
        await client.DisposeAsync();

        (await Should.ThrowAsync<RedisException>(() => waiting)).Kind.ShouldBe(RedisFailure.ConnectionLost);
        client.State.ShouldBeOfType<RedisState.Closed>();
        (await Should.ThrowAsync<RedisException>(async () => await client.SendAsync(new("PING")))).Message.ShouldContain("closed");
        await Should.ThrowAsync<RedisException>(() => client.ReadyAsync());
    }

    [Fact]
    public async Task More_than_may_wait_is_refused_at_once()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var client = await redis.ClientAsync(o => o.MaxUnsentBytes = 64 * 1024);
        redis.Pause();
        var large = new byte[32 * 1024 * 1024];
        List<Task<RedisReply>> waiting = [];
        RedisException? refused = null;
        while (refused is null && waiting.Count < 10)
        {
            var sending = client.SendAsync(new("SET", "large", large));
            if (sending.IsFaulted)
                refused = await Should.ThrowAsync<RedisException>(async () => await sending);
            else
                waiting.Add(sending.AsTask());
        }
        refused.ShouldNotBeNull().Kind.ShouldBe(RedisFailure.Overloaded);
        redis.Resume();
        (await Task.WhenAll(waiting)).ShouldAllBe(r => r.Text == "OK");
    }

    // Completes once so many bytes have been given to the network at once.
    private static Task HandedOver(long bytes)
    {
        var handedOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument == RedisMetrics.SentBytes)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, sent, _, _) =>
        {
            if (sent >= bytes)
                handedOver.TrySetResult();
        });
        listener.Start();
        return handedOver.Task.ContinueWith(_ => listener.Dispose(), TaskScheduler.Default);
    }
}
