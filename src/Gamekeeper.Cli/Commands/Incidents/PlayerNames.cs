using Gamekeeper.Accounts;
using Gamekeeper.Cli.Databases;

namespace Gamekeeper.Cli.Commands.Incidents;

/// <summary>Usernames for people to read; a program gets the ids.</summary>
internal sealed class PlayerNames
{
    private readonly Dictionary<Guid, string> _names = [];

    private PlayerNames() { }

    /// <summary>Ids alone.</summary>
    public static PlayerNames None { get; } = new();

    public static async Task<PlayerNames> OfAsync(OpenedGamekeeper gamekeeper, IEnumerable<Guid> players, CancellationToken cancellationToken)
    {
        const int atOnce = 1000;
        var names = new PlayerNames();
        foreach (var some in players.Distinct().Chunk(atOnce))
            foreach (var account in await gamekeeper.Get<AccountRepository>().PublicAsync(some, cancellationToken))
                names._names[account.Id] = account.Username;
        return names;
    }

    /// <summary>The username; the id when there is none to show.</summary>
    public string Of(Guid player) => _names.GetValueOrDefault(player) ?? player.ToString();
}
