using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid.Matches;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Players;

public sealed class UpdateStatsTests : TwoPlayers
{
    [Fact]
    public async Task Numbers_of_several_players_are_set_at_once_and_what_is_not_named_stays()
    {
        (await UpdateAsync(new(A.Key, Level: 7, Rating: 1500), new(B.Key, Experience: 90, TotalGames: 10, GamesWon: 4)))
            .ShouldBe(new UpdateStatsOutcome.Updated(2, IsReplay: false));
        var (a, b) = (await StatsAsync(A), await StatsAsync(B));
        (a.Player.Level, a.Player.Experience, a.Player.Rating, a.Player.PeakRating, a.Player.TotalGames).ShouldBe((7, 0, 1500, 1500, 0));
        (b.Player.Level, b.Player.Experience, b.Player.Rating, b.Player.PeakRating, b.Player.TotalGames, b.Player.GamesWon, b.WinRate).ShouldBe((1, 90, 1000, 1000, 10, 4, 0.4));
        await UpdateAsync(new StatsChange(A.Key, Rating: 1200));
        (await StatsAsync(A)).Player.PeakRating.ShouldBe(1500, "the best rating so far never falls");
    }

    public static TheoryData<string, StatsChange> Wrong =>
        new()
        {
            { "updates[1]", new(Guid.Empty) },
            { "updates[1].level", new(Guid.Empty, Level: 0) },
            { "updates[1].experience", new(Guid.Empty, Experience: -1) },
            { "updates[1].rating", new(Guid.Empty, Rating: 5001) },
            { "updates[1].rating", new(Guid.Empty, Rating: -1) },
            { "updates[1].totalGames", new(Guid.Empty, TotalGames: -1) },
            { "updates[1].gamesWon", new(Guid.Empty, GamesWon: -1) },
            { "updates[1].gamesWon", new(Guid.Empty, GamesWon: 1) },
            { "updates[1].gamesWon", new(Guid.Empty, TotalGames: 2, GamesWon: 3) },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task One_wrong_entry_refuses_all_by_name(string field, StatsChange wrong)
    {
        var outcome = await UpdateAsync(new(A.Key, Level: 2), wrong with { PlayerId = B.Key });
        outcome.ShouldBeOfType<UpdateStatsOutcome.Invalid>().Errors.ShouldHaveSingleItem().Field.ShouldBe(field);
        (await StatsAsync(A)).Player.Level.ShouldBe(1);
    }

    [Fact]
    public async Task A_player_named_twice_or_not_there_refuses_all()
    {
        (await UpdateAsync(new(A.Key, Level: 2), new(A.Key, Level: 3))).ShouldBeOfType<UpdateStatsOutcome.Invalid>().Errors[0].Field.ShouldBe("updates[1].playerId");
        var nobody = Guid.CreateVersion7();
        (await UpdateAsync(new(A.Key, Level: 2), new(nobody, Level: 3))).ShouldBeOfType<UpdateStatsOutcome.UnknownPlayers>().Players.ShouldBe([nobody]);
        var many = Enumerable.Range(0, UpdateStats.MaxPlayers + 1).Select(_ => new StatsChange(Guid.CreateVersion7(), Level: 1)).ToArray();
        (await UpdateAsync(many)).ShouldBeOfType<UpdateStatsOutcome.Invalid>();
        (await StatsAsync(A)).Player.Level.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_to_do_does_nothing_and_a_request_has_its_effect_once()
    {
        var (verb, key) = (World.Get<UpdateStats>(), World.NewKey());
        (await verb.RunAsync(World.Service, [], key)).ShouldBe(new UpdateStatsOutcome.Updated(0, IsReplay: false));
        await verb.RunAsync(World.Service, [new(A.Key, Level: 5)], key);
        await UpdateAsync(new StatsChange(A.Key, Level: 6));
        (await verb.RunAsync(World.Service, [new(A.Key, Level: 5)], key)).ShouldBe(new UpdateStatsOutcome.Updated(1, IsReplay: true));
        (await StatsAsync(A)).Player.Level.ShouldBe(6, "what came after the first request is not undone by its repetition");
        (await verb.RunAsync(World.Service, [new(A.Key, Level: 9)], key)).ShouldBeOfType<UpdateStatsOutcome.KeyReused>();
    }

    [Fact]
    public async Task Numbers_of_the_same_players_in_any_order_at_once_queue_and_do_not_deadlock()
    {
        var outcomes = await Task.WhenAll(
            Enumerable.Range(1, 20).Select(i =>
                i % 2 == 0 ? UpdateAsync(new(A.Key, Level: i), new(B.Key, Level: i)) : UpdateAsync(new(B.Key, Level: i), new(A.Key, Level: i)))
        );
        outcomes.ShouldAllBe(o => o is UpdateStatsOutcome.Updated);
        (await StatsAsync(A)).Player.Level.ShouldBe((await StatsAsync(B)).Player.Level, "both were set by the same request last");
    }

    [Fact]
    public async Task A_player_sets_no_numbers_not_even_the_own()
    {
        await Should.ThrowAsync<ArgumentException>(() => World.Get<UpdateStats>().RunAsync(A, [new(A.Key, Rating: 5000)], World.NewKey()));
        (await StatsAsync(A)).Player.Rating.ShouldBe(1000);
    }

    [Fact]
    public async Task A_player_s_numbers_tell_of_matches_cards_and_trades()
    {
        var (cards, others) = (await World.MintAsync(A, 3), await World.MintAsync(B, 1));
        await World.AcceptAsync(B, await World.ProposeAsync(A, B, [cards[0], cards[1]], [others[0]]));
        await World.ProposeAsync(B, A, [], [cards[2]]);
        await PlayAsync(winner: A);
        await PlayAsync(winner: B);
        var (a, b) = (await StatsAsync(A), await StatsAsync(B));
        (a.Player.TotalGames, a.Player.GamesWon, a.WinRate, a.CardsOwned, a.TradesCompleted).ShouldBe((2, 1, 0.5, 2, 1));
        (b.Player.TotalGames, b.Player.GamesWon, b.CardsOwned, b.TradesCompleted).ShouldBe((2, 1, 2, 1));
        (await World.Get<PlayerRepository>().StatsAsync(Guid.CreateVersion7())).ShouldBeNull();
    }

    [Fact]
    public async Task A_closed_account_shows_no_numbers()
    {
        await World.Database.ExecuteAsync(TestRole.Superuser, $"update summoners_grid.users set is_active = false where id = '{A.Key}'");
        (await World.Get<PlayerRepository>().StatsAsync(A.Key)).ShouldBeNull();
        (await World.Get<PlayerRepository>().StatsAsync(B.Key)).ShouldNotBeNull();
    }

    private Task<UpdateStatsOutcome> UpdateAsync(params StatsChange[] changes) =>
        World.Get<UpdateStats>().RunAsync(World.Service, changes, World.NewKey());

    private async Task<PlayerStats> StatsAsync(Actor player) => (await World.Get<PlayerRepository>().StatsAsync(player.Key))!;
}
