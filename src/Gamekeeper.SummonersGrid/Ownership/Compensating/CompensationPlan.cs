using System.Text.Json;
using System.Text.Json.Serialization;
using Gamekeeper.SummonersGrid.Ownership.Lineage;

namespace Gamekeeper.SummonersGrid.Ownership.Compensating;

/// <summary>What is to be put right, and for whom nothing has to be.</summary>
/// <param name="Start">The bad event.</param>
/// <param name="BadPlayers">
/// The bad party: who is owed nothing for what is taken away. At most 100 who play this game, closed accounts too; empty when everyone is
/// to be made whole.
/// </param>
/// <param name="Quarantine">
/// The account of the house that takes cards which should never have been; needed when there are any. It stays out of the bad party.
/// </param>
/// <param name="IsWide">
/// False takes back only trades in which a descendant moved. True takes back also the fair trades by which cards given beside one have
/// moved on since, so that fewer trades have to stand; more people are asked to give back what they got, against what they gave.
/// </param>
public sealed record CompensationRequest(
    LineageStart Start,
    IReadOnlyList<Guid> BadPlayers,
    Guid? Quarantine = null,
    bool IsWide = false
);

/// <summary>Why a card stays where it is although it came of the bad event, or was given for something that did.</summary>
[JsonConverter(typeof(StandReasonWords))]
public enum StandReason
{
    /// <summary>Its signature is of no known format; it has to be looked into first.</summary>
    Damaged,

    /// <summary>It would come back to someone who has closed the account, and goes no further back.</summary>
    OwnerClosed,

    /// <summary>It has moved on in a way that stands.</summary>
    MovedOn,

    /// <summary>The trade stands as a whole, because a card that a bystander gave in it cannot come back.</summary>
    TradeStands,

    /// <summary>Nothing before it is taken back, so taking this back would serve nobody.</summary>
    NoCause,
}

/// <summary>What becomes of one card.</summary>
/// <param name="CardId">The card.</param>
/// <param name="Events">Position of its latest event when the plan was made; a later one makes the plan out of date.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="To">Whose it will be; null when it stays.</param>
/// <param name="IsQuarantined">It came from nowhere and goes to the house.</param>
/// <param name="Undoes">The events it goes back over, latest first; with none it stays.</param>
/// <param name="Stands">Why it stays, or goes no further back; null when it goes all the way.</param>
/// <param name="Because">The event that could not be taken back and keeps it; null when the reason is its own.</param>
public sealed record PlannedCard(
    Guid CardId,
    int Events,
    Guid Owner,
    Guid? To,
    bool IsQuarantined,
    IReadOnlyList<Guid> Undoes,
    StandReason? Stands,
    Guid? Because
)
{
    /// <summary>True when the card changes hands.</summary>
    [JsonIgnore]
    public bool Moves => To is { } to && to != Owner;
}

/// <summary>A plan as it was shown; it never changes.</summary>
/// <param name="Format">1.</param>
/// <param name="Start">The bad event, in one word and an id.</param>
/// <param name="IsWide">Fair trades of cards that were given beside are taken back too.</param>
/// <param name="BadPlayers">Sorted.</param>
/// <param name="Quarantine">The house; null when none was named.</param>
/// <param name="Cards">Every card that was looked at, by id: at most 10 000.</param>
public sealed record CompensationPlan(
    int Format,
    string Start,
    bool IsWide,
    IReadOnlyList<Guid> BadPlayers,
    Guid? Quarantine,
    IReadOnlyList<PlannedCard> Cards
)
{
    /// <summary>The most cards of a plan, those that stay included; they move in one signed operation.</summary>
    public const int MaxCards = 10_000;

    /// <summary>The cards that change hands.</summary>
    [JsonIgnore]
    public IEnumerable<PlannedCard> Moves => Cards.Where(c => c.Moves);
}

/// <summary>A plan and what became of it.</summary>
/// <param name="Id">The plan.</param>
/// <param name="Plan">What it says.</param>
/// <param name="Hash">SHA-256 of the plan in canonical JSON, lower-case hex: the same world gives the same plan.</param>
/// <param name="PlannedAt">When it was first made.</param>
/// <param name="PlannedBy">Who asked for it first; null for Gamekeeper itself.</param>
/// <param name="AppliedAt">When its cards moved; null until then.</param>
/// <param name="AppliedBy">Who applied it; null until then and for Gamekeeper itself.</param>
/// <param name="Reason">Why, in the words of who applied it; null until then.</param>
/// <param name="OperationId">The signed operation that moved the cards; null until then, and when none had to move.</param>
public sealed record Compensation(
    Guid Id,
    CompensationPlan Plan,
    string Hash,
    DateTimeOffset PlannedAt,
    Guid? PlannedBy,
    DateTimeOffset? AppliedAt,
    Guid? AppliedBy,
    string? Reason,
    Guid? OperationId
)
{
    /// <summary>True once its cards have moved.</summary>
    public bool IsApplied => AppliedAt is not null;
}

/// <summary>The reasons as people and programs read them.</summary>
public static class StandReasons
{
    /// <summary>Such as <c>owner-closed</c>.</summary>
    public static string Word(this StandReason reason) => JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString());
}

internal sealed class StandReasonWords() : JsonStringEnumConverter<StandReason>(JsonNamingPolicy.KebabCaseLower);
