using Gamekeeper.Server.Errors;
using Gamekeeper.SummonersGrid;
using Gamekeeper.SummonersGrid.Ownership.Lineage;

namespace Gamekeeper.Server.Endpoints.SummonersGrid.Incidents;

/// <summary>Refusals of lineages, freezes and compensations.</summary>
internal static class IncidentErrors
{
    public static readonly ErrorCode UnknownStart = new(RefusalCodes.UnknownStart, 404, "There is no such operation, event or card, or the card has no event so late.");
    public static readonly ErrorCode TooLarge = new(RefusalCodes.LineageTooLarge, 409, "More came of it than can be dealt with at once.");
    public static readonly ErrorCode AlreadyCompensated = new(RefusalCodes.AlreadyCompensated, 409, "It has been put right as a whole.");
    public static readonly ErrorCode NeedsQuarantine = new(RefusalCodes.NeedsQuarantine, 422, "Cards that came from nowhere need an account of the house to go to.");
    public static readonly ErrorCode UnknownCompensation = new(RefusalCodes.UnknownCompensation, 404, "There is no such plan.");
    public static readonly ErrorCode Outdated = new(RefusalCodes.Outdated, 409, "The world has moved since the plan was made; nothing was changed.");

    public static Refusal NoStart(LineageStart start) => new(UnknownStart, $"There is no {start}.");

    public static Refusal Large(int limit) => new(TooLarge, $"More than {limit} cards or events came of it; begin with one card or one event.");

    public static Refusal OperatorsOnly() => new(RequestErrors.NotAllowed, "Only operators and keys with the scope operate do this.");
}

/// <summary>The bad event, as the wire names it.</summary>
internal static class WireStart
{
    /// <summary>Exactly one of the three; an instant goes with a card only.</summary>
    public static LineageStart? Of(Guid? operation, Guid? e, Guid? card, DateTimeOffset? since) =>
        (operation, e, card) switch
        {
            ({ } o, null, null) when since is null => new LineageStart.OfOperation(o),
            (null, { } id, null) when since is null => new LineageStart.OfEvent(id),
            (null, null, { } c) => new LineageStart.OfCard(c, since),
            _ => null,
        };

    public static Refusal Refuse(string field) =>
        Refusal.OfField(RequestErrors.Invalid, field, "name one of operation, event and card; since goes with card only");
}
