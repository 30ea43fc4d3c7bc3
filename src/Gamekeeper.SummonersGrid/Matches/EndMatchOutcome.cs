using Gamekeeper.Auditing;
using Gamekeeper.Idempotency;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Matches;

/// <summary>What came of finishing or abandoning a match.</summary>
public abstract record EndMatchOutcome
{
    private EndMatchOutcome() { }

    /// <summary>It has ended.</summary>
    /// <param name="Match">As it stands now.</param>
    /// <param name="IsReplay">True when an earlier request under the same key did it.</param>
    public sealed record Ended(Match Match, bool IsReplay) : EndMatchOutcome;

    /// <summary>The report itself is wrong, or does not fit the match.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : EndMatchOutcome;

    /// <summary>There is no such match.</summary>
    public sealed record Unknown : EndMatchOutcome;

    /// <summary>It had ended already; nothing counts twice.</summary>
    public sealed record NotActive(MatchStatus Status) : EndMatchOutcome;

    /// <summary>The idempotency key stands for another request.</summary>
    public sealed record KeyReused : EndMatchOutcome;

    internal static EndMatchOutcome Replay(StoredOutcome stored, IdempotentRequest request, LockedMatch? locked) =>
        stored.Answers(request) && locked is not null ? new Ended(locked.Match, IsReplay: true) : new KeyReused();

    internal static EndMatchOutcome? Refusal(LockedMatch? locked, Guid? winner, DateTimeOffset? endedAt)
    {
        if (locked is not { Match: var match })
            return new Unknown();
        if (match.Status != MatchStatus.Active)
            return new NotActive(match.Status);
        var errors = new List<FieldError>();
        if (winner is { } player && !match.IsOf(player))
            errors.Add(new("winnerId", "is neither of the two players"));
        if (endedAt < match.StartTime || endedAt > locked.Now)
            errors.Add(new("endedAt", $"takes an instant from the start, {match.StartTime:O}, to now"));
        return errors.Count > 0 ? new Invalid(errors) : null;
    }

    /// <summary>A refusal for the state of the match leaves a line in the activity log; what was asked wrongly leaves none.</summary>
    internal static EndMatchOutcome Refuse(UnitOfWork unit, EndMatchOutcome refusal, string verb, Guid match)
    {
        var code = refusal switch
        {
            Unknown => RefusalCodes.UnknownMatch,
            NotActive => RefusalCodes.MatchEnded,
            _ => null,
        };
        return code is null
            ? unit.Refuse(refusal)
            : unit.RefuseRecorded<SummonersGridModule, EndMatchOutcome>(refusal, new Activity(verb, match.ToString(), code));
    }
}
