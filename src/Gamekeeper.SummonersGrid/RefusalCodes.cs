namespace Gamekeeper.SummonersGrid;

/// <summary>The published codes under which this game refuses: in answers, in the activity log, in docs/reference/errors.md.</summary>
public static class RefusalCodes
{
    public const string UnknownCard = "cards.unknown";
    public const string NotOwner = "cards.not-owner";
    public const string NotOwned = "cards.not-owned";
    public const string Damaged = "cards.damaged";
    public const string CardFrozen = "cards.frozen";
    public const string UnknownStart = "lineage.unknown-start";
    public const string AlreadyCompensated = "lineage.already-compensated";
    public const string LineageTooLarge = "lineage.too-large";
    public const string NeedsQuarantine = "compensations.quarantine-required";
    public const string UnknownCompensation = "compensations.unknown";
    public const string Outdated = "compensations.outdated";
    public const string OperatorsOnly = "authorization.not-allowed";
    public const string UnknownPlayer = "players.unknown";
    public const string PlayerFrozen = "players.frozen";
    public const string UnknownTrade = "trades.unknown";
    public const string NotTheTarget = "trades.not-the-target";
    public const string NotTheProposer = "trades.not-the-proposer";
    public const string NotPending = "trades.not-pending";
    public const string Expired = "trades.expired";
    public const string InvalidExpiry = "trades.invalid-expiry";
    public const string TooManyOpen = "trades.too-many-open";
    public const string UnknownMatch = "matches.unknown";
    public const string MatchEnded = "matches.ended";
    public const string GameIdTaken = "matches.game-id-taken";
    public const string CardsMoved = "trades.cards-moved";
    public const string UnknownDeck = "decks.unknown";
    public const string DeckVersionConflict = "decks.version-conflict";
    public const string TooManyDecks = "decks.too-many";
}
