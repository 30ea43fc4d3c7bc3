using System.Globalization;
using Gamekeeper.Accounts;
using Gamekeeper.Friends;
using Gamekeeper.Paging;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.Harness.SampleGame;
using Gamekeeper.SummonersGrid;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Friends;

public sealed class SummonersGridFriendsTests : FriendsContract<SummonersGridModule>
{
    private protected override string Players => "users";
}

/// <summary>The second game, whose players stand in a table of another name.</summary>
public sealed class SampleGameFriendsTests : FriendsContract<SampleGameModule>
{
    private protected override string Players => "players";
}

/// <summary>What friends are in any game that has them.</summary>
public abstract class FriendsContract<TModule> : IAsyncLifetime
    where TModule : IGameModule
{
    private TestDatabase _db = null!;
    private Friends<TModule> _friends = null!;
    private Actor _a = null!;
    private Actor _b = null!;
    private int _players;

    private protected abstract string Players { get; }

    private static readonly FriendOutcome Asked = new FriendOutcome.Done(FriendStanding.Asked);
    private static readonly FriendOutcome AreFriends = new FriendOutcome.Done(FriendStanding.Friends);
    private static readonly FriendOutcome Nothing = new FriendOutcome.Done(FriendStanding.None);
    private static readonly FriendOutcome Blocked = new FriendOutcome.Done(FriendStanding.Blocked);

    public async ValueTask InitializeAsync()
    {
        _db = await TestDatabase.CreateAsync();
        _friends = _db.Get<Friends<TModule>>();
        (_a, _b) = (await NewPlayerAsync(), await NewPlayerAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Both_show_the_friendship_once_it_is_accepted_and_neither_once_it_is_removed()
    {
        (await _friends.RequestAsync(_a, _b.Key)).ShouldBe(Asked);
        (await _friends.RequestAsync(_a, _b.Key)).ShouldBe(Asked);
        (await NamesAsync(_friends.OutgoingAsync, _a)).ShouldBe(["player2"]);
        (await NamesAsync(_friends.IncomingAsync, _b)).ShouldBe(["player1"]);
        (await _friends.StandingAsync(_b, _a.Key)).ShouldBe(FriendStanding.AskedBy);
        (await NamesAsync(_friends.ListAsync, _a)).ShouldBeEmpty();
        (await _friends.AcceptAsync(_a, _b.Key)).ShouldBe(new FriendOutcome.NoRequest());

        (await _friends.AcceptAsync(_b, _a.Key)).ShouldBe(AreFriends);
        (await _friends.AcceptAsync(_b, _a.Key)).ShouldBe(AreFriends);
        (await _friends.RequestAsync(_a, _b.Key)).ShouldBe(AreFriends);
        (await NamesAsync(_friends.ListAsync, _a)).ShouldBe(["player2"]);
        (await NamesAsync(_friends.ListAsync, _b)).ShouldBe(["player1"]);
        (await NamesAsync(_friends.OutgoingAsync, _a)).ShouldBeEmpty();
        (await NamesAsync(_friends.IncomingAsync, _b)).ShouldBeEmpty();
        (await _friends.AreFriendsAsync(_b.Key, _a.Key)).ShouldBeTrue();
        (await _friends.IdsAsync(_b.Key)).ShouldBe([_a.Key]);

        (await _friends.RemoveAsync(_b, _a.Key)).ShouldBe(Nothing);
        (await _friends.RemoveAsync(_a, _b.Key)).ShouldBe(Nothing);
        (await NamesAsync(_friends.ListAsync, _a)).ShouldBeEmpty();
        (await NamesAsync(_friends.ListAsync, _b)).ShouldBeEmpty();
        (await _friends.AreFriendsAsync(_a.Key, _b.Key)).ShouldBeFalse();
        (await TopicsAsync()).ShouldBe(["friend.requested", "friend.accepted", "friend.removed"]);
    }

    [Fact]
    public async Task Asking_who_has_asked_is_accepting()
    {
        await _friends.RequestAsync(_a, _b.Key);
        (await _friends.RequestAsync(_b, _a.Key)).ShouldBe(AreFriends);
        (await _friends.AreFriendsAsync(_a.Key, _b.Key)).ShouldBeTrue();
    }

    [Fact]
    public async Task Two_who_ask_each_other_at_once_are_friends_in_one_row()
    {
        for (var round = 0; round < 10; round++)
        {
            var outcomes = await Task.WhenAll(_friends.RequestAsync(_a, _b.Key), _friends.RequestAsync(_b, _a.Key), _friends.RequestAsync(_a, _b.Key));
            outcomes.ShouldAllBe(o => o.Equals(Asked) || o.Equals(AreFriends));
            (await _db.ListAsync<string>(TestRole.Superuser, $"select status::text from {TModule.Schema}.friendships")).ShouldBe(["accepted"]);
            await Task.WhenAll(_friends.RemoveAsync(_a, _b.Key), _friends.RemoveAsync(_b, _a.Key));
            (await _db.ScalarAsync<long>(TestRole.Superuser, $"select count(*) from {TModule.Schema}.friendships")).ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_request_is_taken_back_by_who_made_it()
    {
        await _friends.RequestAsync(_a, _b.Key);
        (await _friends.RemoveAsync(_b, _a.Key)).ShouldBe(new FriendOutcome.Done(FriendStanding.AskedBy));
        (await _friends.RemoveAsync(_a, _b.Key)).ShouldBe(Nothing);
        (await _friends.AcceptAsync(_b, _a.Key)).ShouldBe(new FriendOutcome.NoRequest());
        (await _friends.DeclineAsync(_b, _a.Key)).ShouldBe(new FriendOutcome.NoRequest());
    }

    [Fact]
    public async Task Who_was_declined_waits_a_week_and_who_declined_does_not()
    {
        await _friends.RequestAsync(_a, _b.Key);
        (await _friends.DeclineAsync(_b, _a.Key)).ShouldBe(Nothing);
        (await _friends.DeclineAsync(_b, _a.Key)).ShouldBe(Nothing);
        (await NamesAsync(_friends.OutgoingAsync, _a)).ShouldBeEmpty();
        (await NamesAsync(_friends.IncomingAsync, _b)).ShouldBeEmpty();
        var soon = (await _friends.RequestAsync(_a, _b.Key)).ShouldBeOfType<FriendOutcome.AskedTooSoon>();
        soon.From.ShouldBe(_db.Clock.GetUtcNow() + FriendLimits.AfterDecline, TimeSpan.FromMinutes(5));
        // Taking back what is gone does not shorten the wait.
        await _friends.RemoveAsync(_a, _b.Key);
        (await _friends.RequestAsync(_a, _b.Key)).ShouldBeOfType<FriendOutcome.AskedTooSoon>();

        await AgeAsync("updated_at");
        (await _friends.RequestAsync(_a, _b.Key)).ShouldBe(Asked);
        await _friends.DeclineAsync(_b, _a.Key);
        (await _friends.RequestAsync(_b, _a.Key)).ShouldBe(Asked);
        (await _friends.AcceptAsync(_a, _b.Key)).ShouldBe(AreFriends);
    }

    [Fact]
    public async Task One_who_is_blocked_cannot_tell()
    {
        // C is not blocked and is answered in the same words at every step.
        var c = await NewPlayerAsync();
        await BothAsync(o => _friends.RequestAsync(_a, o.Key), Asked);
        await _friends.AcceptAsync(_b, _a.Key);
        await _friends.AcceptAsync(c, _a.Key);
        (await _friends.BlockAsync(_b, _a.Key)).ShouldBe(Blocked);
        (await _friends.BlockAsync(_b, _a.Key)).ShouldBe(Blocked);
        await _friends.RemoveAsync(c, _a.Key);

        await BothAsync(o => _friends.StandingAsync(_a, o.Key), FriendStanding.None);
        (await NamesAsync(_friends.ListAsync, _a)).ShouldBeEmpty();
        (await NamesAsync(_friends.BlockedAsync, _a)).ShouldBeEmpty();
        await BothAsync(o => _friends.RequestAsync(_a, o.Key), Asked);
        await BothAsync(o => _friends.RequestAsync(_a, o.Key), Asked);
        await BothAsync(o => _friends.AcceptAsync(_a, o.Key), new FriendOutcome.NoRequest());
        await BothAsync(o => _friends.StandingAsync(_a, o.Key), FriendStanding.Asked);
        (await NamesAsync(_friends.OutgoingAsync, _a)).ShouldBe(["player3", "player2"]);
        // The other side hears and sees nothing of it.
        (await NamesAsync(_friends.IncomingAsync, _b)).ShouldBeEmpty();
        (await NamesAsync(_friends.BlockedAsync, _b)).ShouldBe(["player1"]);
        (await _friends.AreFriendsAsync(_a.Key, _b.Key)).ShouldBeFalse();
        await BothAsync(o => _friends.RemoveAsync(_a, o.Key), Nothing);
        (await NamesAsync(_friends.OutgoingAsync, _a)).ShouldBeEmpty();
        (await _friends.RequestAsync(_b, _a.Key)).ShouldBe(new FriendOutcome.BlockedByYou());
    }

    [Fact]
    public async Task A_request_stays_where_it_stood_when_its_addressee_blocks_and_arrives_when_the_block_ends()
    {
        await _friends.RequestAsync(_a, _b.Key);
        var before = await PageAsync(_friends.OutgoingAsync, _a);
        await _friends.BlockAsync(_b, _a.Key);
        (await PageAsync(_friends.OutgoingAsync, _a)).ShouldBe(before);
        (await NamesAsync(_friends.IncomingAsync, _b)).ShouldBeEmpty();

        (await _friends.UnblockAsync(_b, _a.Key)).ShouldBe(new FriendOutcome.Done(FriendStanding.AskedBy));
        (await NamesAsync(_friends.IncomingAsync, _b)).ShouldBe(["player1"]);
        (await _friends.AcceptAsync(_b, _a.Key)).ShouldBe(AreFriends);
    }

    [Fact]
    public async Task A_refusal_keeps_its_term_behind_a_block()
    {
        await _friends.RequestAsync(_a, _b.Key);
        await _friends.DeclineAsync(_b, _a.Key);
        await _friends.BlockAsync(_b, _a.Key);
        (await _friends.RequestAsync(_a, _b.Key)).ShouldBeOfType<FriendOutcome.AskedTooSoon>();
        await AgeAsync("behind_since");
        (await _friends.RequestAsync(_a, _b.Key)).ShouldBe(Asked);
        (await _friends.StandingAsync(_b, _a.Key)).ShouldBe(FriendStanding.Blocked);
    }

    [Fact]
    public async Task Two_who_have_blocked_each_other_end_it_each_for_oneself()
    {
        await _friends.BlockAsync(_a, _b.Key);
        (await _friends.BlockAsync(_b, _a.Key)).ShouldBe(Blocked);
        (await NamesAsync(_friends.BlockedAsync, _a)).ShouldBe(["player2"]);
        (await NamesAsync(_friends.BlockedAsync, _b)).ShouldBe(["player1"]);
        (await _friends.RequestAsync(_b, _a.Key)).ShouldBe(new FriendOutcome.BlockedByYou());

        (await _friends.UnblockAsync(_a, _b.Key)).ShouldBe(Nothing);
        (await _friends.StandingAsync(_b, _a.Key)).ShouldBe(FriendStanding.Blocked);
        (await _friends.RequestAsync(_a, _b.Key)).ShouldBe(Asked);
        (await NamesAsync(_friends.IncomingAsync, _b)).ShouldBeEmpty();
        await _friends.RemoveAsync(_a, _b.Key);
        (await _friends.UnblockAsync(_b, _a.Key)).ShouldBe(Nothing);
        (await _db.ScalarAsync<long>(TestRole.Superuser, $"select count(*) from {TModule.Schema}.friendships")).ShouldBe(0);
    }

    [Fact]
    public async Task Frozen_players_make_no_friends_and_closed_ones_are_nobody()
    {
        await _friends.RequestAsync(_b, _a.Key);
        await SetAsync(_b, "frozen_at = now()");
        (await _friends.AcceptAsync(_a, _b.Key)).ShouldBe(new FriendOutcome.PlayerFrozen(_b.Key));
        (await _friends.RequestAsync(_b, (await NewPlayerAsync()).Key)).ShouldBe(new FriendOutcome.PlayerFrozen(_b.Key));
        // Whoever is frozen may still end things.
        (await _friends.RemoveAsync(_b, _a.Key)).ShouldBe(Nothing);
        (await _friends.BlockAsync(_b, _a.Key)).ShouldBe(Blocked);
        (await _friends.UnblockAsync(_b, _a.Key)).ShouldBe(Nothing);

        await SetAsync(_b, "frozen_at = null");
        await _friends.RequestAsync(_b, _a.Key);
        await _friends.AcceptAsync(_a, _b.Key);
        await SetAsync(_b, "is_active = false");
        (await NamesAsync(_friends.ListAsync, _a)).ShouldBeEmpty();
        (await _friends.RequestAsync(await NewPlayerAsync(), _b.Key)).ShouldBe(new FriendOutcome.UnknownPlayer(_b.Key));
        (await _friends.RemoveAsync(_a, _b.Key)).ShouldBe(Nothing);
    }

    [Fact]
    public async Task Nobody_befriends_oneself_or_nobody()
    {
        (await _friends.RequestAsync(_a, _a.Key)).ShouldBeOfType<FriendOutcome.Invalid>().Errors.ShouldHaveSingleItem().Field.ShouldBe("player");
        var nobody = Guid.CreateVersion7();
        (await _friends.RequestAsync(_a, nobody)).ShouldBe(new FriendOutcome.UnknownPlayer(nobody));
        (await _friends.BlockAsync(_a, nobody)).ShouldBe(new FriendOutcome.UnknownPlayer(nobody));
        (await _db.ListAsync<string>(TestRole.Superuser, $"select action || ' ' || error_code from {TModule.Schema}.activity_log where not succeeded order by id")).ShouldBe(
            ["friend.request players.unknown", "friend.block players.unknown"]
        );
    }

    [Theory]
    [InlineData("accepted", "a", 500, "friends")]
    [InlineData("pending", "a", 100, "requests")]
    [InlineData("pending", "b", 500, "requests")]
    public async Task Each_limit_is_told_and_holds(string status, string whose, int limit, string what)
    {
        var full = whose == "a" ? _a : _b;
        await FillAsync(full, status, limit - 1, asks: whose == "a");
        (await _friends.RequestAsync(_a, _b.Key)).ShouldBe(Asked);
        await _friends.RemoveAsync(_a, _b.Key);
        await FillAsync(full, status, 1, asks: whose == "a");
        (await _friends.RequestAsync(_a, _b.Key)).ShouldBe(
            what == "friends" ? new FriendOutcome.TooManyFriends(full.Key, limit) : new FriendOutcome.TooManyRequests(full.Key, limit)
        );
        if (what == "friends")
        {
            await _friends.RequestAsync(_b, _a.Key);
            (await _friends.AcceptAsync(_a, _b.Key)).ShouldBe(new FriendOutcome.TooManyFriends(full.Key, limit));
        }
    }

    [Fact]
    public async Task At_most_a_thousand_are_blocked()
    {
        await FillAsync(_a, "blocked", 1000, asks: true);
        (await _friends.BlockAsync(_a, _b.Key)).ShouldBe(new FriendOutcome.TooManyBlocked(1000));
    }

    [Fact]
    public async Task A_list_is_paged_newest_first_over_both_sides()
    {
        var others = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var other = await NewPlayerAsync();
            others.Add($"player{_players}");
            var (asks, asked) = i % 2 == 0 ? (_a, other) : (other, _a);
            await _friends.RequestAsync(asks, asked.Key);
            await _friends.AcceptAsync(asked, asks.Key);
        }
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await _friends.ListAsync(_a, new PageRequest(new PageSize(2), cursor))).ShouldBeOfType<PageOutcome<Friend>.Given>().Page;
            seen.AddRange(page.Items.Select(f => f.Username));
            (cursor, var first) = (page.NextCursor, page.NextCursor);
            if (first is not null)
                (await _friends.ListAsync(_b, new PageRequest(new PageSize(2), first))).ShouldBeOfType<PageOutcome<Friend>.Refused>();
        } while (cursor is not null);
        seen.ShouldBe(Enumerable.Reverse(others));
    }

    [Fact]
    public async Task The_table_refuses_what_no_verb_would_write()
    {
        string Insert(Actor one, Actor other, string status = "pending") =>
            $"insert into {TModule.Schema}.friendships (requester_id, addressee_id, status) values ('{one.Key}', '{other.Key}', '{status}')";
        (await RefusedAsync(Insert(_a, _a))).ShouldBe("23514 friendships_different_players");
        (await RefusedAsync(Insert(_a, _b, "befriended"))).ShouldBe("23514 friendships_status_values");
        await _db.ExecuteAsync(TestRole.Superuser, Insert(_a, _b));
        (await RefusedAsync(Insert(_a, _b))).ShouldStartWith("23505 ");
        (await RefusedAsync(Insert(_b, _a))).ShouldBe("23505 idx_friendships_pair");
        (await RefusedAsync($"update {TModule.Schema}.friendships set behind_block = 'pending', behind_since = now()")).ShouldBe("23514 friendships_behind_block_values");
    }

    [Fact]
    public async Task A_player_sees_and_changes_only_own_pairs()
    {
        var c = await NewPlayerAsync();
        await _friends.RequestAsync(_a, _b.Key);
        (await CountAsAsync(_a, $"select count(*) from {TModule.Schema}.friendships")).ShouldBe(1);
        (await CountAsAsync(_b, $"select count(*) from {TModule.Schema}.friendships")).ShouldBe(1);
        (await CountAsAsync(c, $"select count(*) from {TModule.Schema}.friendships")).ShouldBe(0);
        (await CountAsAsync(c, $"with changed as (update {TModule.Schema}.friendships set status = 'accepted' returning 1) select count(*) from changed")).ShouldBe(0);
        (await CountAsAsync(c, $"with gone as (delete from {TModule.Schema}.friendships returning 1) select count(*) from gone")).ShouldBe(0);
        (await _friends.AreFriendsAsync(_a.Key, _b.Key)).ShouldBeFalse();
    }

    [Fact]
    public async Task Every_change_is_audited()
    {
        await _friends.RequestAsync(_a, _b.Key);
        await _friends.AcceptAsync(_b, _a.Key);
        await _friends.RemoveAsync(_a, _b.Key);
        (await _db.ListAsync<string>(TestRole.Auditor, $"select action || ' ' || coalesce(new_values ->> 'status', '-') from {TModule.Schema}.audit_log where table_name = 'friendships' order by id")).ShouldBe(
            ["INSERT pending", "UPDATE accepted", "DELETE -"]
        );
    }

    private async Task<Actor> NewPlayerAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"player{++_players}");
        var account = (await _db.Get<SignUp>().RunAsync(new SignUpInput(name, null, null, null), Actor.System(_db.Clock)))
            .ShouldBeOfType<SignUpOutcome.Created>()
            .Account;
        await _db.ExecuteAsync(TestRole.Superuser, $"insert into {TModule.Schema}.{Players} (id, username) values ('{account.Id}', '{name}')");
        return Actor.Player(account.Id, _db.Clock);
    }

    private Task<int> SetAsync(Actor player, string what) =>
        _db.ExecuteAsync(TestRole.Superuser, $"update {TModule.Schema}.{Players} set {what} where id = '{player.Key}'");

    private Task<int> AgeAsync(string column) =>
        _db.ExecuteAsync(
            TestRole.Superuser,
            $"set session_replication_role = replica; update {TModule.Schema}.friendships set {column} = {column} - interval '7 days'"
        );

    // Past the verbs and their foreign keys: limits count rows.
    private Task<int> FillAsync(Actor player, string status, int count, bool asks) =>
        _db.ExecuteAsync(
            TestRole.Superuser,
            $"""
            set session_replication_role = replica;
            insert into {TModule.Schema}.friendships ({(asks ? "requester_id, addressee_id" : "addressee_id, requester_id")}, status)
            select '{player.Key}', gen_random_uuid(), '{status}' from generate_series(1, {count})
            """
        );

    private async Task BothAsync<T>(Func<Actor, Task<T>> ask, T expected)
    {
        var unblocked = (await _db.ScalarAsync<Guid>(TestRole.Superuser, $"select id from {TModule.Schema}.{Players} where username = 'player3'"));
        foreach (var other in new[] { _b, Actor.Player(unblocked, _db.Clock) })
            (await ask(other)).ShouldBe(expected);
    }

    private static async Task<IReadOnlyList<Friend>> PageAsync(Func<Actor, PageRequest, CancellationToken, Task<PageOutcome<Friend>>> list, Actor actor) =>
        (await list(actor, new PageRequest(), TestContext.Current.CancellationToken)).ShouldBeOfType<PageOutcome<Friend>.Given>().Page.Items;

    private static async Task<IEnumerable<string>> NamesAsync(Func<Actor, PageRequest, CancellationToken, Task<PageOutcome<Friend>>> list, Actor actor) =>
        (await PageAsync(list, actor)).Select(f => f.Username);

    private Task<IReadOnlyList<string>> TopicsAsync() =>
        _db.ListAsync<string>(TestRole.Superuser, $"select topic from {TModule.Schema}.outbox where topic like 'friend.%' order by id");

    private async Task<string> RefusedAsync(string sql)
    {
        var refused = await Should.ThrowAsync<Npgsql.PostgresException>(() => _db.ExecuteAsync(TestRole.Superuser, sql));
        return $"{refused.SqlState} {refused.ConstraintName}";
    }

    private async Task<long> CountAsAsync(Actor actor, string sql)
    {
        await using var connection = await _db.OpenAsync(TestRole.App);
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var become = new Npgsql.NpgsqlCommand($"select core.set_actor('{actor.Key}', 'player', gen_random_uuid())", connection))
            await become.ExecuteNonQueryAsync();
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
