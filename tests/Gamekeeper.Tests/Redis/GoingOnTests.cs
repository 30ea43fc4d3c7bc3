using Gamekeeper.Redis;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Redis;

/// <summary>Which thread goes on with an answer, and how long each caller waits for one.</summary>
public sealed class GoingOnTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Only_who_said_that_it_is_brief_goes_on_where_its_answer_was_read()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = await redis.ClientAsync();

        (await GoesOnWhereReadAsync(client, isBrief: true)).ShouldBeTrue();
        (await GoesOnWhereReadAsync(client, isBrief: false)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_large_answer_is_worked_on_elsewhere_while_others_wait_for_theirs()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var client = await redis.ClientAsync();
        await client.SendAsync(new("SET", "large", new byte[16 * 1024]));
        redis.Pause();
        var large = StackAsync(client, new RedisCommand("GET", "large") { GoesOnWhereRead = true });
        var small = client.SendAsync(new("PING")).AsTask();

        redis.Resume();

        (await large.WaitAsync(Patience)).ShouldNotContain("GiveOut");
        await small.WaitAsync(Patience);
    }

    [Fact]
    public async Task What_is_sent_while_answers_are_given_out_goes_when_all_are_out()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = await redis.ClientAsync();
        var brief = new RedisCommand("PING") { GoesOnWhereRead = true };
        async Task ChainAsync()
        {
            for (var i = 0; i < 200; i++)
                (await client.SendAsync(brief)).Text.ShouldBe("PONG");
        }

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ChainAsync())).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_caller_in_a_hurry_is_let_go_and_the_others_wait_on()
    {
        await using var redis = await TestRedis.StartAsync();
        var clock = new ManualClock();
        await using var client = await redis.ClientAsync(o => (o.CommandTimeout, o.SilenceLimit) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)), clock);
        await client.SendAsync(new("SET", "a", "A"));
        redis.Pause();
        var patient = client.SendAsync(new("GET", "a")).AsTask();
        var hurried = client.SendAsync(new RedisCommand("GET", "a") { Within = TimeSpan.FromMilliseconds(100) }).AsTask();

        clock.Advance(TimeSpan.FromMilliseconds(150));

        var failure = await Should.ThrowAsync<RedisException>(() => hurried.WaitAsync(Patience));
        failure.Kind.ShouldBe(RedisFailure.TimedOut);
        failure.Message.ShouldContain("100 ms");
        patient.IsCompleted.ShouldBeFalse();
        redis.Resume();
        (await patient.WaitAsync(Patience)).Text.ShouldBe("A");
    }

    // An answer that is there before it is awaited is nobody's to go on with, so it is tried several times.
    private static async Task<bool> GoesOnWhereReadAsync(RedisClient client, bool isBrief)
    {
        for (var attempt = 0; attempt < 100; attempt++)
            if (await StackAsync(client, new RedisCommand("PING") { GoesOnWhereRead = isBrief }) is var stack && stack.Contains("GiveOut", StringComparison.Ordinal))
                return true;
        return false;
    }

    private static async Task<string> StackAsync(RedisClient client, RedisCommand command)
    {
        await client.SendAsync(command);
        return Environment.StackTrace;
    }
}
