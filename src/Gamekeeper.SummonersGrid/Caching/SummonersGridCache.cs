using Gamekeeper.Caching;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.SummonersGrid.Leaderboards;
using Gamekeeper.SummonersGrid.Matches;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.SummonersGrid.Trading;

namespace Gamekeeper.SummonersGrid.Caching;

/// <summary>
/// Everything of this game that is kept in the cache: under which key, how long, and which tables' triggers drop it. What a verb decides
/// by is read from PostgreSQL and never from here.
/// </summary>
internal static class SummonersGridCache
{
    // For as long as PostgreSQL is out of reach, and marked. Trades and matches move too fast for that.
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(10);

    /// <summary>What everyone may see of a player.</summary>
    public static readonly CacheKey<Guid, Player> Profile = new("sg:user:profile:{userId}", new PlayerCodec())
    {
        TimeToLive = TimeSpan.FromSeconds(300),
        StaleFor = Stale,
        DroppedBy = ["users"],
    };

    /// <summary>A player's newest cards.</summary>
    public static readonly CacheKey<Guid, CardCollection> Collection = new("sg:user:collection:{userId}", new CardCollectionCodec())
    {
        TimeToLive = TimeSpan.FromSeconds(600),
        DroppedBy = ["card_instances"],
    };

    /// <summary>A player's numbers.</summary>
    public static readonly CacheKey<Guid, PlayerStats> Stats = new("sg:stats:{userId}", new PlayerStatsCodec())
    {
        TimeToLive = TimeSpan.FromSeconds(900),
        StaleFor = Stale,
        DroppedBy = ["users", "card_instances", "trade_proposals"],
    };

    /// <summary>A card template.</summary>
    public static readonly CacheKey<string, CardTemplate> Template = new("sg:card:template:{templateId}", new CardTemplateCodec())
    {
        TimeToLive = TimeSpan.FromSeconds(3600),
        StaleFor = Stale,
        DroppedBy = ["card_templates"],
    };

    /// <summary>Which catalogue of templates is current; there is one, of the id <c>current</c>.</summary>
    public static readonly CacheKey<string, CatalogueVersion> Catalogue = new("sg:card:catalogue:{which}", new CatalogueVersionCodec())
    {
        TimeToLive = TimeSpan.FromSeconds(3600),
        DroppedBy = ["catalogue_version"],
    };

    /// <summary>A deck, whoever may see it.</summary>
    public static readonly CacheKey<Guid, Deck> Deck = new("sg:deck:{deckId}", new DeckCodec())
    {
        TimeToLive = TimeSpan.FromSeconds(1800),
        StaleFor = Stale,
        DroppedBy = ["decks"],
    };

    /// <summary>First pages of public decks, by what was asked. Time drops them, and the tag all at once when a deck is withdrawn.</summary>
    public static readonly CacheKey<CacheQuery, DeckList> DeckList = new("sg:decks:{query}", new DeckListCodec())
    {
        TimeToLive = TimeSpan.FromSeconds(60),
        Class = CacheClass.Bounded,
        Tags = static _ => [Decks.DeckList.Tag],
    };

    /// <summary>A player's newest open trades, on either side.</summary>
    public static readonly CacheKey<Guid, OpenTrades> Trades = new("sg:trades:{userId}", new OpenTradesCodec())
    {
        TimeToLive = TimeSpan.FromSeconds(60),
        DroppedBy = ["trade_proposals"],
    };

    /// <summary>A match.</summary>
    public static readonly CacheKey<Guid, Match> Game = new("sg:game:{gameId}", new MatchCodec())
    {
        TimeToLive = TimeSpan.FromSeconds(30),
        DroppedBy = ["game_sessions"],
    };

    /// <summary>The first of a leaderboard; its numbers move all the time, so only time drops it.</summary>
    public static readonly CacheKey<string, Leaderboard> Leaderboard = new("sg:leaderboard:{type}", new LeaderboardCodec())
    {
        TimeToLive = TimeSpan.FromSeconds(300),
        Class = CacheClass.Bounded,
    };

    /// <summary>All of them, for the module's registration.</summary>
    public static IReadOnlyList<CacheKey> Keys => [Profile, Collection, Stats, Template, Catalogue, Deck, DeckList, Trades, Game, Leaderboard];
}
