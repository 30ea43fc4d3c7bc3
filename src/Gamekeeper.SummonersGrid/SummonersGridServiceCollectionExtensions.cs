using Gamekeeper;
using Gamekeeper.SummonersGrid;
using Gamekeeper.SummonersGrid.Decks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Summoner's Grid to Gamekeeper.</summary>
public static class SummonersGridServiceCollectionExtensions
{
    /// <summary>Adds cards, packs, collections, decks and trades.</summary>
    public static GamekeeperBuilder AddSummonersGrid(this GamekeeperBuilder gamekeeper) => gamekeeper.AddModule<SummonersGridModule>();

    /// <summary>
    /// Adds a format of decks; one of the name <c>3v3</c> takes the place of the game's own. Decks that are stored keep their result until
    /// they are saved again.
    /// </summary>
    public static GamekeeperBuilder AddDeckFormat(this GamekeeperBuilder gamekeeper, DeckFormat format)
    {
        gamekeeper.Services.AddSingleton(format);
        return gamekeeper;
    }
}
