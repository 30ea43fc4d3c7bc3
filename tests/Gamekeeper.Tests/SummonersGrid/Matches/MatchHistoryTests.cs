using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Matches;

namespace Gamekeeper.Tests.SummonersGrid.Matches;

public sealed class MatchHistoryTests : TwoPlayers
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(200)]
    public async Task A_player_s_matches_of_either_side_come_once_and_newest_first(int size)
    {
        var c = await World.NewPlayerAsync();
        var played = new List<Guid>();
        for (var i = 0; i < 8; i++)
            played.Add((i % 2 == 0 ? await PlayAsync(winner: A) : await PlayAsync(winner: null, a: c, b: A)).Id);
        var running = await StartAsync();
        await PlayAsync(winner: B, a: B, b: c);

        (await AllAsync(p => World.Get<MatchRepository>().ByPlayerAsync(A.Key, null, p), size)).ShouldBe([running.Id, .. played.AsEnumerable().Reverse()]);
        (await AllAsync(p => World.Get<MatchRepository>().ByPlayerAsync(A.Key, MatchStatus.Active, p), size)).ShouldBe([running.Id]);
        (await AllAsync(p => World.Get<MatchRepository>().ByPlayerAsync(c.Key, MatchStatus.Completed, p), size)).Count.ShouldBe(5);
        (await AllAsync(p => World.Get<MatchRepository>().ByStatusAsync(MatchStatus.Active, p), size)).ShouldBe([running.Id]);
        (await AllAsync(p => World.Get<MatchRepository>().ByStatusAsync(MatchStatus.Completed, p), size)).Count.ShouldBe(9);
    }

    [Fact]
    public async Task A_cursor_answers_only_the_list_it_came_from()
    {
        await PlayAsync(winner: A);
        await PlayAsync(winner: A);
        var matches = World.Get<MatchRepository>();
        var first = (await matches.ByPlayerAsync(A.Key, null, new PageRequest(new PageSize(1)))).ShouldBeOfType<PageOutcome<Match>.Given>().Page;
        var next = new PageRequest(new PageSize(1), first.NextCursor.ShouldNotBeNull());
        (await matches.ByPlayerAsync(B.Key, null, next)).ShouldBeOfType<PageOutcome<Match>.Refused>();
        (await matches.ByPlayerAsync(A.Key, MatchStatus.Completed, next)).ShouldBeOfType<PageOutcome<Match>.Refused>();
        (await matches.ByPlayerAsync(A.Key, null, next)).ShouldBeOfType<PageOutcome<Match>.Given>();
    }

    private static async Task<List<Guid>> AllAsync(Func<PageRequest, Task<PageOutcome<Match>>> list, int size)
    {
        var (found, cursor) = (new List<Guid>(), (string?)null);
        do
        {
            var page = (await list(new PageRequest(new PageSize(size), cursor))).ShouldBeOfType<PageOutcome<Match>.Given>().Page;
            found.AddRange(page.Items.Select(m => m.Id));
            cursor = page.NextCursor;
        } while (cursor is not null);
        return found;
    }
}
