using Gamekeeper.Accounts;
using Gamekeeper.Seeding;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Seeding;

/// <summary>
/// Two players with a published password, which is why seeds never run where others can sign in. An account of that name that is
/// already there is left as it is.
/// </summary>
public sealed class SeedTestPlayers(SignUp signUp, AccountRepository accounts, PlayerRepository players, TimeProvider clock) : ISeed
{
    internal static readonly string[] Usernames = ["testplayer1", "testplayer2"];

    /// <inheritdoc />
    public string Name => "summoners_grid.test-players";

    /// <inheritdoc />
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var created = 0;
        for (var number = 1; number <= Usernames.Length; number++)
        {
            var username = Usernames[number - 1];
            if (await accounts.FindByUsernameAsync(username, cancellationToken) is null)
            {
                var outcome = await signUp.RunAsync(
                    new SignUpInput(username, $"test{number}@example.com", "password123", $"Test Player {number}"),
                    Actor.System(clock),
                    cancellationToken: cancellationToken
                );
                if (outcome is not SignUpOutcome.Created)
                    throw new GamekeeperException("seeding.failed", $"{username} could not sign up: {outcome.GetType().Name}.");
                created++;
            }
            var account = await accounts.FindByUsernameAsync(username, cancellationToken);
            await players.EnsureAsync(account!.Id, cancellationToken);
        }
        return $"{Usernames.Length} test players: {created} created";
    }
}
