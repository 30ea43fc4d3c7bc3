using Gamekeeper.Server.Errors;
using Gamekeeper.SummonersGrid;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>Refusals of Summoner's Grid.</summary>
internal static class GridErrors
{
    public static readonly ErrorCode UnknownCard = new(RefusalCodes.UnknownCard, 404, "There is no such card.");
    public static readonly ErrorCode NotOwner = new(RefusalCodes.NotOwner, 403, "The card does not belong to the player it should come from.");
    public static readonly ErrorCode NotOwned = new(RefusalCodes.NotOwned, 409, "Cards do not belong to the side that would give them.");
    public static readonly ErrorCode Damaged = new(RefusalCodes.Damaged, 409, "The card's signature is of no known format; operators have to look into it.");
    public static readonly ErrorCode CardFrozen = new(RefusalCodes.CardFrozen, 409, "An operator keeps the card where it is.");
    public static readonly ErrorCode UnknownTemplate = new("card-templates.unknown", 404, "There is no such card template.");
    public static readonly ErrorCode UnknownTemplates = new("card-templates.not-in-catalogue", 422, "Some templates of the order do not exist.");
    public static readonly ErrorCode ImportRefused = new("card-templates.import-refused", 422, "The file was refused whole, at its first bad record.");
    public static readonly ErrorCode UnknownPack = new("packs.unknown", 404, "There is no such pack.");
    public static readonly ErrorCode SetIncomplete = new("packs.set-incomplete", 409, "The pack's set has no card of a rarity that the pack draws.");
    public static readonly ErrorCode UnknownPlayer = new(RefusalCodes.UnknownPlayer, 422, "There is no such player.");
    public static readonly ErrorCode NoSuchPlayer = new("players.not-found", 404, "There is no such player in this game.");
    public static readonly ErrorCode PlayerFrozen = new(RefusalCodes.PlayerFrozen, 403, "A frozen player may neither give nor take.");
    public static readonly ErrorCode UnknownTrade = new(RefusalCodes.UnknownTrade, 404, "There is no such trade, or it concerns others.");
    public static readonly ErrorCode NotTheTarget = new(RefusalCodes.NotTheTarget, 403, "Only the target of a trade accepts or declines it.");
    public static readonly ErrorCode NotTheProposer = new(RefusalCodes.NotTheProposer, 403, "Only the proposer of a trade takes it back.");
    public static readonly ErrorCode NotPending = new(RefusalCodes.NotPending, 409, "The trade has ended.");
    public static readonly ErrorCode Expired = new(RefusalCodes.Expired, 409, "The trade's time has run out.");
    public static readonly ErrorCode TooManyOpen = new(RefusalCodes.TooManyOpen, 409, "The player has too many open offers.");
    public static readonly ErrorCode CardsMoved = new(RefusalCodes.CardsMoved, 409, "Cards of the trade have a new owner since it was offered.");
    public static readonly ErrorCode UnknownMatch = new(RefusalCodes.UnknownMatch, 404, "There is no such match.");
    public static readonly ErrorCode MatchEnded = new(RefusalCodes.MatchEnded, 409, "The match has ended; nothing counts twice.");
    public static readonly ErrorCode GameIdTaken = new(RefusalCodes.GameIdTaken, 409, "Another match has this game id.");
    public static readonly ErrorCode UnknownDeck = new(RefusalCodes.UnknownDeck, 404, "There is no such deck, or it is not yours to see or change.");
    public static readonly ErrorCode DeckVersionConflict = new(RefusalCodes.DeckVersionConflict, 412, "The deck has changed since you read it; a card that left it counts.");
    public static readonly ErrorCode TooManyDecks = new(RefusalCodes.TooManyDecks, 409, "The player has too many decks.");

    public static Refusal Player(Guid player) => new(UnknownPlayer, $"There is no player {player:D}.");

    public static Refusal Frozen(Guid player) => new(PlayerFrozen, $"Player {player:D} may neither give nor take.");

    public static Refusal Kept(Guid card) => new(CardFrozen, $"Card {card:D} stays where it is until operators free it.");

    /// <summary>The first few of many ids.</summary>
    public static string Some<T>(IReadOnlyList<T> items) =>
        string.Join(", ", items.Take(10)) + (items.Count > 10 ? $" and {items.Count - 10} more" : "");
}
