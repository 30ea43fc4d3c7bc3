using Gamekeeper.Caching;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Players;

namespace Gamekeeper.SummonersGrid.Caching;

/// <summary>What is cached of one player, for operators and for game servers that know who comes next.</summary>
public sealed class PlayerCaches(GameCache cache, PlayerRepository players, CardRepository cards)
{
    /// <summary>
    /// Drops profile, collection, numbers and open trades of a player, and returns once no node serves them any more. Writes do this
    /// by themselves; it is for whoever changed rows past all triggers. Safe to repeat.
    /// </summary>
    public Task DropAsync(Guid player) =>
        // Told together: what is asked for while others are told waits for one round of its own.
        Task.WhenAll(
            cache.DropAsync(SummonersGridCache.Profile, player),
            cache.DropAsync(SummonersGridCache.Collection, player),
            cache.DropAsync(SummonersGridCache.Stats, player),
            cache.DropAsync(SummonersGridCache.Trades, player)
        );

    /// <summary>
    /// Loads profile, collection and numbers of a player at once, as before a match; how many of them are cached now: 3, or fewer when
    /// there is no such player, and 0 on a node that answers from no cache. Safe to repeat.
    /// </summary>
    public async Task<int> WarmAsync(Guid player, CancellationToken cancellationToken = default)
    {
        if (!cache.IsServing)
            return 0;
        var profile = players.FindAsync(player, cancellationToken);
        var collection = cards.ByOwnerAsync(player, new PageRequest(), cancellationToken);
        var stats = players.StatsAsync(player, cancellationToken);
        await Task.WhenAll(profile, collection, stats);
        return (await profile is null ? 0 : 1) + 1 + (await stats is null ? 0 : 1);
    }
}
