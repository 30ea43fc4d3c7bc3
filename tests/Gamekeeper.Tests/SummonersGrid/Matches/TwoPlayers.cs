using Gamekeeper.SummonersGrid.Matches;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Matches;

/// <summary>Two players and short ways to let them play.</summary>
public abstract class TwoPlayers : IAsyncLifetime
{
    private int _games;

    private protected GridWorld World { get; private set; } = null!;

    private protected Actor A { get; private set; } = null!;

    private protected Actor B { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        World = await GridWorld.CreateAsync();
        (A, B) = (await World.NewPlayerAsync(), await World.NewPlayerAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected MatchStart NewStart(Actor? a = null, Actor? b = null) =>
        new($"game-{Interlocked.Increment(ref _games)}", "ranked", (a ?? A).Key, (b ?? B).Key);

    private protected async Task<Match> StartAsync(Actor? a = null, Actor? b = null) =>
        (await World.Get<StartMatch>().RunAsync(World.Service, NewStart(a, b))).ShouldBeOfType<StartMatchOutcome.Started>().Match;

    private protected Task<EndMatchOutcome> FinishAsync(Match match, Actor? winner) =>
        World.Get<FinishMatch>().RunAsync(World.Service, match.Id, new MatchReport(winner?.Key), World.NewKey());

    private protected async Task<Match> PlayAsync(Actor? winner, Actor? a = null, Actor? b = null) =>
        (await FinishAsync(await StartAsync(a, b), winner)).ShouldBeOfType<EndMatchOutcome.Ended>().Match;

    private protected async Task<(int Total, int Won, int Rating, int Peak)> NumbersAsync(Actor player)
    {
        var now = (await World.Get<PlayerRepository>().FindAsync(player.Key))!;
        return (now.TotalGames, now.GamesWon, now.Rating, now.PeakRating);
    }
}
