using Gamekeeper;
using Gamekeeper.SummonersGrid;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Summoner's Grid to Gamekeeper.</summary>
public static class SummonersGridServiceCollectionExtensions
{
    /// <summary>Adds cards, packs, collections, decks and trades.</summary>
    public static GamekeeperBuilder AddSummonersGrid(this GamekeeperBuilder gamekeeper) => gamekeeper.AddModule<SummonersGridModule>();
}
