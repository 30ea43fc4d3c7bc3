using Gamekeeper.Friends;
using Gamekeeper.SummonersGrid;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.Harness.SampleGame;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Friends;

public sealed class SummonersGridFriendLimitsTests() : FriendLimitsContract<SummonersGridModule>("users");

public sealed class SampleGameFriendLimitsTests() : FriendLimitsContract<SampleGameModule>("players");

/// <summary>How many of everything one may have.</summary>
public abstract class FriendLimitsContract<TModule>(string players) : FriendsContract<TModule>(players)
    where TModule : IGameModule
{
    [Theory]
    [InlineData("accepted", "a", 500, "friends")]
    [InlineData("pending", "a", 100, "requests")]
    [InlineData("pending", "b", 500, "requests")]
    public async Task Each_limit_is_told_and_holds(string status, string whose, int limit, string what)
    {
        var full = whose == "a" ? A : B;
        await FillAsync(full, status, limit - 1, asks: whose == "a");
        (await Friends.RequestAsync(A, B.Key)).ShouldBe(Asked);
        await Friends.RemoveAsync(A, B.Key);
        await FillAsync(full, status, 1, asks: whose == "a");
        (await Friends.RequestAsync(A, B.Key)).ShouldBe(
            what == "friends" ? new FriendOutcome.TooManyFriends(full.Key, limit) : new FriendOutcome.TooManyRequests(full.Key, limit)
        );
        if (what == "friends")
        {
            await Friends.RequestAsync(B, A.Key);
            (await Friends.AcceptAsync(A, B.Key)).ShouldBe(new FriendOutcome.TooManyFriends(full.Key, limit));
        }
    }

    [Fact]
    public async Task At_most_a_thousand_are_blocked()
    {
        await FillAsync(A, "blocked", 1000, asks: true);
        (await Friends.BlockAsync(A, B.Key)).ShouldBe(new FriendOutcome.TooManyBlocked(1000));
    }

    [Fact]
    public async Task What_closed_accounts_have_left_behind_takes_no_place()
    {
        await FillAsync(A, "pending", 100, asks: true);
        (await Friends.RequestAsync(A, B.Key)).ShouldBe(new FriendOutcome.TooManyRequests(A.Key, 100));
        await Db.ExecuteAsync(TestRole.Superuser, $"update {TModule.Schema}.{Players} set is_active = false where username not like 'player%'");
        (await NamesAsync(Friends.OutgoingAsync, A)).ShouldBeEmpty();
        (await Friends.RequestAsync(A, B.Key)).ShouldBe(Asked);
    }

    // Past the verbs and their foreign keys: limits count rows.
    private Task<int> FillAsync(Actor player, string status, int count, bool asks) =>
        Db.ExecuteAsync(
            TestRole.Superuser,
            $"""
            set session_replication_role = replica;
            with others as (
              insert into {TModule.Schema}.{Players} (id, username)
              select id, id::text
              from (select gen_random_uuid() as id from generate_series(1, {count})) new
              returning id)
            insert into {TModule.Schema}.friendships ({(asks ? "requester_id, addressee_id" : "addressee_id, requester_id")}, status, requester_blocks_since)
            select '{player.Key}', id, '{status}', case when '{status}' = 'blocked' then now() end from others
            """
        );
}
