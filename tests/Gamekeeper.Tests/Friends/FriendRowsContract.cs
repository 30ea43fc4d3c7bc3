using Gamekeeper.Friends;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.Harness.SampleGame;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Friends;

public sealed class SummonersGridFriendRowsTests() : FriendRowsContract<SummonersGridModule>("users");

public sealed class SampleGameFriendRowsTests() : FriendRowsContract<SampleGameModule>("players");

/// <summary>The rows behind it all: in pages, under their constraints, each for its two players, and audited.</summary>
public abstract class FriendRowsContract<TModule>(string players) : FriendsContract<TModule>(players)
    where TModule : IGameModule
{
    [Fact]
    public async Task A_list_is_paged_newest_first_over_both_sides()
    {
        var others = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var other = await NewPlayerAsync();
            others.Add($"player{i + 3}");
            var (asks, asked) = i % 2 == 0 ? (A, other) : (other, A);
            await Friends.RequestAsync(asks, asked.Key);
            await Friends.AcceptAsync(asked, asks.Key);
        }
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await Friends.ListAsync(A, new PageRequest(new PageSize(2), cursor))).ShouldBeOfType<PageOutcome<Friend>.Given>().Page;
            seen.AddRange(page.Items.Select(f => f.Username));
            (cursor, var first) = (page.NextCursor, page.NextCursor);
            if (first is not null)
                (await Friends.ListAsync(B, new PageRequest(new PageSize(2), first))).ShouldBeOfType<PageOutcome<Friend>.Refused>();
        } while (cursor is not null);
        seen.ShouldBe(Enumerable.Reverse(others));
    }

    [Fact]
    public async Task The_table_refuses_what_no_verb_would_write()
    {
        string Insert(Actor one, Actor other, string status = "pending") =>
            $"insert into {TModule.Schema}.friendships (requester_id, addressee_id, status) values ('{one.Key}', '{other.Key}', '{status}')";
        (await RefusedAsync(Insert(A, A))).ShouldBe("23514 friendships_different_players");
        (await RefusedAsync(Insert(A, B, "befriended"))).ShouldBe("23514 friendships_status_values");
        await Db.ExecuteAsync(TestRole.Superuser, Insert(A, B));
        (await RefusedAsync(Insert(A, B))).ShouldStartWith("23505 ");
        (await RefusedAsync(Insert(B, A))).ShouldBe("23505 idx_friendships_pair");
        (await RefusedAsync($"update {TModule.Schema}.friendships set status = 'blocked'")).ShouldBe("23514 friendships_blocked_by_someone");
        (await RefusedAsync($"update {TModule.Schema}.friendships set status = 'accepted', addressee_blocks_since = now()")).ShouldBe("23514 friendships_friends_do_not_block");
        (await RefusedAsync($"update {TModule.Schema}.friendships set requester_blocks_since = now()")).ShouldBe("23514 friendships_who_asks_does_not_block");
    }

    [Fact]
    public async Task A_player_sees_and_changes_only_own_pairs()
    {
        var c = await NewPlayerAsync();
        await Friends.RequestAsync(A, B.Key);
        (await CountAsAsync(A, $"select count(*) from {TModule.Schema}.friendships")).ShouldBe(1);
        (await CountAsAsync(B, $"select count(*) from {TModule.Schema}.friendships")).ShouldBe(1);
        (await CountAsAsync(c, $"select count(*) from {TModule.Schema}.friendships")).ShouldBe(0);
        (await CountAsAsync(c, $"with changed as (update {TModule.Schema}.friendships set status = 'accepted' returning 1) select count(*) from changed")).ShouldBe(0);
        (await CountAsAsync(c, $"with gone as (delete from {TModule.Schema}.friendships returning 1) select count(*) from gone")).ShouldBe(0);
        (await Friends.AreFriendsAsync(A.Key, B.Key)).ShouldBeFalse();
    }

    [Fact]
    public async Task Every_change_is_audited()
    {
        await Friends.RequestAsync(A, B.Key);
        await Friends.AcceptAsync(B, A.Key);
        await Friends.RemoveAsync(A, B.Key);
        (await Db.ListAsync<string>(TestRole.Auditor, $"select action || ' ' || coalesce(new_values ->> 'status', '-') from {TModule.Schema}.audit_log where table_name = 'friendships' order by id")).ShouldBe(
            ["INSERT pending", "UPDATE accepted", "DELETE -"]
        );
    }

    private async Task<string> RefusedAsync(string sql)
    {
        var refused = await Should.ThrowAsync<Npgsql.PostgresException>(() => Db.ExecuteAsync(TestRole.Superuser, sql));
        return $"{refused.SqlState} {refused.ConstraintName}";
    }

    private async Task<long> CountAsAsync(Actor actor, string sql)
    {
        await using var connection = await Db.OpenAsync(TestRole.App);
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var become = new Npgsql.NpgsqlCommand($"select core.set_actor('{actor.Key}', 'player', gen_random_uuid())", connection))
            await become.ExecuteNonQueryAsync();
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
