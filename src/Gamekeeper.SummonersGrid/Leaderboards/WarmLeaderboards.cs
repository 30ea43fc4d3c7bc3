using Gamekeeper.Caching.Warming;

namespace Gamekeeper.SummonersGrid.Leaderboards;

/// <summary>Puts all leaderboards into the cache.</summary>
public sealed class WarmLeaderboards(LeaderboardRepository leaderboards) : ICacheWarmer
{
    /// <inheritdoc />
    public string Name => "summoners_grid.leaderboards";

    /// <inheritdoc />
    public async Task<int> WarmAsync(CancellationToken cancellationToken)
    {
        var types = Enum.GetValues<LeaderboardType>();
        foreach (var type in types)
            await leaderboards.TopAsync(type, cancellationToken);
        return types.Length;
    }
}
