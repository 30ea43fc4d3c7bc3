using Gamekeeper.SummonersGrid.Leaderboards;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Leaderboards;

public sealed class LeaderboardTests
{
    [Fact]
    public async Task The_best_come_first_ties_share_a_rank_and_the_next_rank_skips()
    {
        await using var world = await GridWorld.CreateAsync();
        var players = new List<Actor>();
        foreach (var (points, won) in new[] { (1200, 3), (1500, 3), (1200, 0), (1100, 7) })
        {
            var player = await world.NewPlayerAsync();
            players.Add(player);
            await SetAsync(world, player, points, won, isActive: true);
        }
        await SetAsync(world, await world.NewPlayerAsync(), 4000, 9, isActive: false);
        // Ties stand in the order of the accounts, which were made one after the other.
        var tied = new[] { players[0].Key, players[2].Key }.Order().ToList();

        var rating = await world.Get<LeaderboardRepository>().TopAsync(LeaderboardType.Rating);
        rating.Entries.Select(e => (e.Position, e.Rank, e.Score, e.PlayerId)).ShouldBe(
            [(1, 1, 1500, players[1].Key), (2, 2, 1200, tied[0]), (3, 2, 1200, tied[1]), (4, 4, 1100, players[3].Key)]
        );
        var wins = await world.Get<LeaderboardRepository>().TopAsync(LeaderboardType.Wins);
        wins.Entries.Select(e => (e.Rank, e.Score)).ShouldBe([(1, 7), (2, 3), (2, 3), (4, 0)]);
    }

    [Fact]
    public async Task A_hundred_are_on_it()
    {
        await using var world = await GridWorld.CreateAsync();
        await FillAsync(world, 150);

        var top = (await world.Get<LeaderboardRepository>().TopAsync(LeaderboardType.Rating)).Entries;

        top.Select(e => e.Score).ShouldBe(Enumerable.Range(51, 100).Reverse());
    }

    [Theory]
    [InlineData("idx_users_rating")]
    [InlineData("idx_users_games_won")]
    public async Task It_is_read_from_its_index(string index)
    {
        await using var world = await GridWorld.CreateAsync();
        await FillAsync(world, 5_000);
        var sql = index == "idx_users_rating" ? TopByRating.Sql : TopByWins.Sql;

        var plan = string.Join('\n', await world.Database.ListAsync<string>(TestRole.App, $"explain {sql}"));

        plan.ShouldContain(index);
        plan.ShouldNotContain("Sort");
    }

    // Their ratings are 1 to as many as there are.
    private static Task<int> FillAsync(GridWorld world, int players) =>
        world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"""
            insert into core.accounts (id, username) select md5(i::text)::uuid, 'rank' || i from generate_series(1, {players}) i;
            insert into summoners_grid.users (id, username, rating, peak_rating) select md5(i::text)::uuid, 'rank' || i, i, i from generate_series(1, {players}) i;
            analyze summoners_grid.users;
            """
        );

    private static Task<int> SetAsync(GridWorld world, Actor player, int rating, int won, bool isActive) =>
        world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"update summoners_grid.users set rating = {rating}, peak_rating = {rating}, total_games = 10, games_won = {won}, is_active = {isActive} where id = '{player.Key}'"
        );
}
