using Gamekeeper.Friends;
using Gamekeeper.SummonersGrid;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.Harness.SampleGame;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Friends;

public sealed class SummonersGridBlockingTests() : BlockingContract<SummonersGridModule>("users");

public sealed class SampleGameBlockingTests() : BlockingContract<SampleGameModule>("players");

/// <summary>A block, and that one who is blocked cannot tell.</summary>
public abstract class BlockingContract<TModule>(string players) : FriendsContract<TModule>(players)
    where TModule : IGameModule
{
    [Fact]
    public async Task One_who_is_blocked_cannot_tell()
    {
        // C is not blocked and is answered in the same words at every step.
        var c = await NewPlayerAsync();
        await BothAsync(o => Friends.RequestAsync(A, o.Key), Asked);
        await Friends.AcceptAsync(B, A.Key);
        await Friends.AcceptAsync(c, A.Key);
        (await Friends.BlockAsync(B, A.Key)).ShouldBe(Blocked);
        (await Friends.BlockAsync(B, A.Key)).ShouldBe(Blocked);
        await Friends.RemoveAsync(c, A.Key);

        await BothAsync(o => Friends.StandingAsync(A, o.Key), FriendStanding.None);
        (await NamesAsync(Friends.ListAsync, A)).ShouldBeEmpty();
        (await NamesAsync(Friends.BlockedAsync, A)).ShouldBeEmpty();
        await BothAsync(o => Friends.RequestAsync(A, o.Key), Asked);
        await BothAsync(o => Friends.RequestAsync(A, o.Key), Asked);
        await BothAsync(o => Friends.AcceptAsync(A, o.Key), new FriendOutcome.NoRequest());
        await BothAsync(o => Friends.StandingAsync(A, o.Key), FriendStanding.Asked);
        (await NamesAsync(Friends.OutgoingAsync, A)).ShouldBe(["player3", "player2"]);
        // The other side hears and sees nothing of it.
        (await NamesAsync(Friends.IncomingAsync, B)).ShouldBeEmpty();
        (await NamesAsync(Friends.BlockedAsync, B)).ShouldBe(["player1"]);
        (await Friends.AreFriendsAsync(A.Key, B.Key)).ShouldBeFalse();
        await BothAsync(o => Friends.RemoveAsync(A, o.Key), Nothing);
        (await NamesAsync(Friends.OutgoingAsync, A)).ShouldBeEmpty();
        (await Friends.RequestAsync(B, A.Key)).ShouldBe(new FriendOutcome.BlockedByYou());
    }

    [Fact]
    public async Task A_request_stays_where_it_stood_when_its_addressee_blocks_and_arrives_when_the_block_ends()
    {
        await Friends.RequestAsync(A, B.Key);
        var before = await PageAsync(Friends.OutgoingAsync, A);
        await Friends.BlockAsync(B, A.Key);
        (await PageAsync(Friends.OutgoingAsync, A)).ShouldBe(before);
        (await NamesAsync(Friends.IncomingAsync, B)).ShouldBeEmpty();

        (await Friends.UnblockAsync(B, A.Key)).ShouldBe(new FriendOutcome.Done(FriendStanding.AskedBy));
        (await NamesAsync(Friends.IncomingAsync, B)).ShouldBe(["player1"]);
        (await Friends.AcceptAsync(B, A.Key)).ShouldBe(AreFriends);
    }

    [Fact]
    public async Task A_refusal_keeps_its_term_behind_a_block()
    {
        await Friends.RequestAsync(A, B.Key);
        await Friends.DeclineAsync(B, A.Key);
        await Friends.BlockAsync(B, A.Key);
        (await Friends.RequestAsync(A, B.Key)).ShouldBeOfType<FriendOutcome.AskedTooSoon>();
        await AgeAsync();
        (await Friends.RequestAsync(A, B.Key)).ShouldBe(Asked);
        (await Friends.StandingAsync(B, A.Key)).ShouldBe(FriendStanding.Blocked);
    }

    [Fact]
    public async Task Two_who_have_blocked_each_other_end_it_each_for_oneself()
    {
        await Friends.BlockAsync(A, B.Key);
        (await Friends.BlockAsync(B, A.Key)).ShouldBe(Blocked);
        (await NamesAsync(Friends.BlockedAsync, A)).ShouldBe(["player2"]);
        (await NamesAsync(Friends.BlockedAsync, B)).ShouldBe(["player1"]);
        (await Friends.RequestAsync(B, A.Key)).ShouldBe(new FriendOutcome.BlockedByYou());

        (await Friends.UnblockAsync(A, B.Key)).ShouldBe(Nothing);
        (await Friends.StandingAsync(B, A.Key)).ShouldBe(FriendStanding.Blocked);
        (await Friends.RequestAsync(A, B.Key)).ShouldBe(Asked);
        (await NamesAsync(Friends.IncomingAsync, B)).ShouldBeEmpty();
        await Friends.RemoveAsync(A, B.Key);
        (await Friends.UnblockAsync(B, A.Key)).ShouldBe(Nothing);
        (await Db.ScalarAsync<long>(TestRole.Superuser, $"select count(*) from {TModule.Schema}.friendships")).ShouldBe(0);
    }

    [Fact]
    public async Task No_answer_and_no_list_changes_for_one_who_is_blocked_when_the_block_begins_and_ends()
    {
        var c = await NewPlayerAsync();
        await BothAsync(o => Friends.RequestAsync(A, o.Key), Asked);
        await Friends.DeclineAsync(c, A.Key);
        var term = await Friends.RequestAsync(A, c.Key);
        var waiting = await PageAsync(Friends.OutgoingAsync, A);
        foreach (var blocker in new[] { B, c })
        {
            await Friends.BlockAsync(blocker, A.Key);
            (await Friends.RequestAsync(A, c.Key)).ShouldBe(term.ShouldBeOfType<FriendOutcome.AskedTooSoon>());
            (await PageAsync(Friends.OutgoingAsync, A)).ShouldBe(waiting);
            await Friends.UnblockAsync(blocker, A.Key);
            (await Friends.RequestAsync(A, c.Key)).ShouldBe(term);
            (await PageAsync(Friends.OutgoingAsync, A)).ShouldBe(waiting);
        }
    }

    [Fact]
    public async Task Whatever_the_blocked_one_does_does_not_move_the_block_in_the_other_s_list()
    {
        await Friends.BlockAsync(B, A.Key);
        var blocked = await PageAsync(Friends.BlockedAsync, B);
        foreach (var verb in new Func<Actor, Guid, CancellationToken, Task<FriendOutcome>>[] { Friends.RequestAsync, Friends.RemoveAsync, Friends.BlockAsync, Friends.UnblockAsync })
        {
            await verb(A, B.Key, TestContext.Current.CancellationToken);
            (await PageAsync(Friends.BlockedAsync, B)).ShouldBe(blocked);
        }
    }

    [Fact]
    public async Task Who_was_declined_does_not_get_round_the_wait_by_a_block_of_one_s_own()
    {
        // B blocks A as well and C does not: A gets the same answers from both.
        var c = await NewPlayerAsync();
        await BothAsync(o => Friends.RequestAsync(A, o.Key), Asked);
        await Friends.DeclineAsync(B, A.Key);
        await Friends.DeclineAsync(c, A.Key);
        await Friends.BlockAsync(B, A.Key);
        await BothAsync(o => Friends.BlockAsync(A, o.Key), Blocked);
        await BothAsync(o => Friends.UnblockAsync(A, o.Key), Nothing);
        foreach (var other in new[] { B, c })
            (await Friends.RequestAsync(A, other.Key)).ShouldBeOfType<FriendOutcome.AskedTooSoon>();
    }

    [Fact]
    public async Task An_own_request_that_ends_with_a_block_is_heard_of_like_one_that_is_taken_back()
    {
        await Friends.RequestAsync(A, B.Key);
        await Friends.BlockAsync(A, B.Key);
        (await NamesAsync(Friends.IncomingAsync, B)).ShouldBeEmpty();
        (await TopicsAsync()).ShouldBe(["friend.requested", "friend.withdrawn"]);
        // Behind the block nothing is heard of.
        await Friends.RequestAsync(B, A.Key);
        await Friends.BlockAsync(B, A.Key);
        (await TopicsAsync()).Count.ShouldBe(2);
    }

    private async Task BothAsync<T>(Func<Actor, Task<T>> ask, T expected)
    {
        var unblocked = (await Db.ScalarAsync<Guid>(TestRole.Superuser, $"select id from {TModule.Schema}.{Players} where username = 'player3'"));
        foreach (var other in new[] { B, Actor.Player(unblocked, Db.Clock) })
            (await ask(other)).ShouldBe(expected);
    }
}
