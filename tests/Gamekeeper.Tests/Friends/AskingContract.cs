using Gamekeeper.Friends;
using Gamekeeper.SummonersGrid;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.Harness.SampleGame;

namespace Gamekeeper.Tests.Friends;

public sealed class SummonersGridAskingTests() : AskingContract<SummonersGridModule>("users");

public sealed class SampleGameAskingTests() : AskingContract<SampleGameModule>("players");

/// <summary>Asking, accepting, declining and ending.</summary>
public abstract class AskingContract<TModule>(string players) : FriendsContract<TModule>(players)
    where TModule : IGameModule
{
    [Fact]
    public async Task Both_show_the_friendship_once_it_is_accepted_and_neither_once_it_is_removed()
    {
        (await Friends.RequestAsync(A, B.Key)).ShouldBe(Asked);
        (await Friends.RequestAsync(A, B.Key)).ShouldBe(Asked);
        (await NamesAsync(Friends.OutgoingAsync, A)).ShouldBe(["player2"]);
        (await NamesAsync(Friends.IncomingAsync, B)).ShouldBe(["player1"]);
        (await Friends.StandingAsync(B, A.Key)).ShouldBe(FriendStanding.AskedBy);
        (await NamesAsync(Friends.ListAsync, A)).ShouldBeEmpty();
        (await Friends.AcceptAsync(A, B.Key)).ShouldBe(new FriendOutcome.NoRequest());

        (await Friends.AcceptAsync(B, A.Key)).ShouldBe(AreFriends);
        (await Friends.AcceptAsync(B, A.Key)).ShouldBe(AreFriends);
        (await Friends.RequestAsync(A, B.Key)).ShouldBe(AreFriends);
        (await NamesAsync(Friends.ListAsync, A)).ShouldBe(["player2"]);
        (await NamesAsync(Friends.ListAsync, B)).ShouldBe(["player1"]);
        (await NamesAsync(Friends.OutgoingAsync, A)).ShouldBeEmpty();
        (await NamesAsync(Friends.IncomingAsync, B)).ShouldBeEmpty();
        (await Friends.AreFriendsAsync(B.Key, A.Key)).ShouldBeTrue();
        (await Friends.IdsAsync(B.Key)).ShouldBe([A.Key]);

        (await Friends.RemoveAsync(B, A.Key)).ShouldBe(Nothing);
        (await Friends.RemoveAsync(A, B.Key)).ShouldBe(Nothing);
        (await NamesAsync(Friends.ListAsync, A)).ShouldBeEmpty();
        (await NamesAsync(Friends.ListAsync, B)).ShouldBeEmpty();
        (await Friends.AreFriendsAsync(A.Key, B.Key)).ShouldBeFalse();
        (await TopicsAsync()).ShouldBe(["friend.requested", "friend.accepted", "friend.removed"]);
    }

    [Fact]
    public async Task Asking_who_has_asked_is_accepting()
    {
        await Friends.RequestAsync(A, B.Key);
        (await Friends.RequestAsync(B, A.Key)).ShouldBe(AreFriends);
        (await Friends.AreFriendsAsync(A.Key, B.Key)).ShouldBeTrue();
    }

    [Fact]
    public async Task Two_who_ask_each_other_at_once_are_friends_in_one_row()
    {
        for (var round = 0; round < 10; round++)
        {
            var outcomes = await Task.WhenAll(Friends.RequestAsync(A, B.Key), Friends.RequestAsync(B, A.Key), Friends.RequestAsync(A, B.Key));
            outcomes.ShouldAllBe(o => o.Equals(Asked) || o.Equals(AreFriends));
            (await Db.ListAsync<string>(TestRole.Superuser, $"select status::text from {TModule.Schema}.friendships")).ShouldBe(["accepted"]);
            await Task.WhenAll(Friends.RemoveAsync(A, B.Key), Friends.RemoveAsync(B, A.Key));
            (await Db.ScalarAsync<long>(TestRole.Superuser, $"select count(*) from {TModule.Schema}.friendships")).ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_request_is_taken_back_by_who_made_it()
    {
        await Friends.RequestAsync(A, B.Key);
        (await Friends.RemoveAsync(B, A.Key)).ShouldBe(new FriendOutcome.Done(FriendStanding.AskedBy));
        (await Friends.RemoveAsync(A, B.Key)).ShouldBe(Nothing);
        (await Friends.AcceptAsync(B, A.Key)).ShouldBe(new FriendOutcome.NoRequest());
        (await Friends.DeclineAsync(B, A.Key)).ShouldBe(new FriendOutcome.NoRequest());
    }

    [Fact]
    public async Task Who_was_declined_waits_a_week_and_who_declined_does_not()
    {
        await Friends.RequestAsync(A, B.Key);
        (await Friends.DeclineAsync(B, A.Key)).ShouldBe(Nothing);
        (await Friends.DeclineAsync(B, A.Key)).ShouldBe(Nothing);
        (await NamesAsync(Friends.OutgoingAsync, A)).ShouldBeEmpty();
        (await NamesAsync(Friends.IncomingAsync, B)).ShouldBeEmpty();
        var soon = (await Friends.RequestAsync(A, B.Key)).ShouldBeOfType<FriendOutcome.AskedTooSoon>();
        soon.From.ShouldBe(Db.Clock.GetUtcNow() + FriendLimits.AfterDecline, TimeSpan.FromMinutes(5));
        // Taking back what is gone does not shorten the wait.
        await Friends.RemoveAsync(A, B.Key);
        (await Friends.RequestAsync(A, B.Key)).ShouldBeOfType<FriendOutcome.AskedTooSoon>();

        await AgeAsync();
        (await Friends.RequestAsync(A, B.Key)).ShouldBe(Asked);
        await Friends.DeclineAsync(B, A.Key);
        (await Friends.RequestAsync(B, A.Key)).ShouldBe(Asked);
        (await Friends.AcceptAsync(A, B.Key)).ShouldBe(AreFriends);
    }

    [Fact]
    public async Task Frozen_players_make_no_friends_and_closed_ones_are_nobody()
    {
        await Friends.RequestAsync(B, A.Key);
        await SetAsync(B, "frozen_at = now()");
        (await Friends.AcceptAsync(A, B.Key)).ShouldBe(new FriendOutcome.PlayerFrozen(B.Key));
        (await Friends.RequestAsync(B, (await NewPlayerAsync()).Key)).ShouldBe(new FriendOutcome.PlayerFrozen(B.Key));
        // Whoever is frozen may still end things.
        (await Friends.RemoveAsync(B, A.Key)).ShouldBe(Nothing);
        (await Friends.BlockAsync(B, A.Key)).ShouldBe(Blocked);
        (await Friends.UnblockAsync(B, A.Key)).ShouldBe(Nothing);

        await SetAsync(B, "frozen_at = null");
        await Friends.RequestAsync(B, A.Key);
        await Friends.AcceptAsync(A, B.Key);
        await SetAsync(B, "is_active = false");
        (await NamesAsync(Friends.ListAsync, A)).ShouldBeEmpty();
        (await Friends.RequestAsync(await NewPlayerAsync(), B.Key)).ShouldBe(new FriendOutcome.UnknownPlayer(B.Key));
        (await Friends.RemoveAsync(A, B.Key)).ShouldBe(Nothing);
    }

    [Fact]
    public async Task Nobody_befriends_oneself_or_nobody()
    {
        (await Friends.RequestAsync(A, A.Key)).ShouldBeOfType<FriendOutcome.Invalid>().Errors.ShouldHaveSingleItem().Field.ShouldBe("player");
        var nobody = Guid.CreateVersion7();
        (await Friends.RequestAsync(A, nobody)).ShouldBe(new FriendOutcome.UnknownPlayer(nobody));
        (await Friends.BlockAsync(A, nobody)).ShouldBe(new FriendOutcome.UnknownPlayer(nobody));
        (await Db.ListAsync<string>(TestRole.Superuser, $"select action || ' ' || error_code from {TModule.Schema}.activity_log where not succeeded order by id")).ShouldBe(
            ["friend.request players.unknown", "friend.block players.unknown"]
        );
    }
}
