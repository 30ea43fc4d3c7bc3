using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Outbox;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Ownership.Compensating;

/// <summary>Something that is no longer as the plan has it.</summary>
/// <param name="Subject">The card or the player.</param>
/// <param name="What">In a sentence's second half, such as <c>has moved since: 4 events, planned with 3</c>.</param>
public sealed record PlanDifference(Guid Subject, string What);

/// <summary>What came of applying a plan.</summary>
public abstract record ApplyCompensationOutcome
{
    private ApplyCompensationOutcome() { }

    /// <summary>The cards have moved as planned.</summary>
    /// <param name="Compensation">The plan, with who applied it.</param>
    /// <param name="IsReplay">True when it had been applied before; it then shows who did that.</param>
    public sealed record Applied(Compensation Compensation, bool IsReplay) : ApplyCompensationOutcome;

    /// <summary>The request itself is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : ApplyCompensationOutcome;

    /// <summary>There is no such plan.</summary>
    public sealed record Unknown : ApplyCompensationOutcome;

    /// <summary>The world has moved since; nothing was changed. Make a new plan.</summary>
    /// <param name="Differences">All of them.</param>
    public sealed record Outdated(IReadOnlyList<PlanDifference> Differences) : ApplyCompensationOutcome;

    /// <summary>Players compensate nobody.</summary>
    public sealed record NotAllowed : ApplyCompensationOutcome;
}

/// <summary>
/// Applies a plan exactly as it was shown, all of it or nothing, as one signed operation. Frozen cards move too, and stay frozen. Open
/// trades that name a moved card end with a reason.
/// </summary>
public sealed class ApplyCompensation(GameDatabase database, OwnershipLedger ledger)
{
    private const string Action = "compensation.apply";
    private const int MaxReason = 500;

    /// <summary>Safe to repeat: a plan has its effect once, whoever asks and however often.</summary>
    /// <param name="actor">An operator, or a service that operates; recorded with the plan, the operation and the activity.</param>
    /// <param name="id">The plan.</param>
    /// <param name="reason">Why, 1 to 500 characters.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ApplyCompensationOutcome> RunAsync(Actor actor, Guid id, string reason, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > MaxReason || reason.Contains('\0', StringComparison.Ordinal))
            return new ApplyCompensationOutcome.Invalid([new("reason", $"takes 1 to {MaxReason} characters")]);
        await ledger.ReadyAsync(cancellationToken);
        return await database.WriteAsync<ApplyCompensationOutcome>(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                var found = await unit.FirstAsync(new FindPlan(id), ct);
                if (!actor.IsTrusted)
                    return Refuse(unit, new ApplyCompensationOutcome.NotAllowed(), id, RefusalCodes.OperatorsOnly);
                if (found is null)
                    return Refuse(unit, new ApplyCompensationOutcome.Unknown(), id, RefusalCodes.UnknownCompensation);
                return await ApplyAsync(unit, found.Plan, id, reason, ct);
            },
            cancellationToken
        );
    }

    private async Task<ApplyCompensationOutcome> ApplyAsync(
        UnitOfWork unit,
        CompensationPlan plan,
        Guid id,
        string reason,
        CancellationToken cancellationToken
    )
    {
        var moves = plan.Moves.ToList();
        Guid[] undone = [.. plan.Cards.SelectMany(c => c.Undoes)];
        var takers = unit.Enqueue(new HoldPlayers([.. moves.Select(m => m.To!.Value).Distinct()]));
        var cards = unit.Enqueue(new LockCards([.. plan.Cards.Select(c => c.CardId)]));
        var proposals = unit.Enqueue(new LockProposalsOf([.. moves.Select(m => m.CardId)]));
        // Behind the locks: of two who apply at once the second sees what the first has done.
        var locked = unit.Enqueue(new LockPlan(id));
        var taken = unit.Enqueue(new CardsOfCompensated(undone));
        var moment = (await unit.FirstAsync(new NextMoment(), cancellationToken));
        if (locked.Rows[0] is { IsApplied: true } before)
            return unit.Replay(new ApplyCompensationOutcome.Applied(before, IsReplay: true));
        var differences = PlanCheck.Differences(plan, cards.Rows, takers.Rows, taken.Rows);
        if (differences.Count > 0)
            return Refuse(unit, new ApplyCompensationOutcome.Outdated(differences), id, RefusalCodes.Outdated);

        var operation = await MoveAsync(unit, moment, plan, id, moves, cards.Rows, cancellationToken);
        unit.Enqueue(new InsertCompensated(id, undone, operation));
        var open = proposals.Rows.Where(t => t.Status == TradeStatus.Pending).Select(t => t.Id).ToArray();
        if (open.Length > 0)
            unit.Enqueue(new EndTrades(open, "cancelled", "a card of this trade went back in a compensation"));
        unit.Enqueue(new CompleteCompensation(id, unit.Actor, reason, operation));
        Tell(unit, id, plan, moves, open, operation, moment.Sequence);
        var applied = locked.Rows[0] with { AppliedAt = moment.Now, AppliedBy = unit.Actor.Id, Reason = reason, OperationId = operation };
        return new ApplyCompensationOutcome.Applied(applied, IsReplay: false);
    }

    private async Task<Guid?> MoveAsync(
        UnitOfWork unit,
        LedgerMoment moment,
        CompensationPlan plan,
        Guid id,
        List<PlannedCard> moves,
        IReadOnlyList<LockedCard> cards,
        CancellationToken cancellationToken
    )
    {
        if (moves.Count == 0)
            return null;
        var byId = cards.ToDictionary(c => c.Id);
        var data = JsonSerializer.Serialize(new { compensation = id, of = plan.Start });
        var operation = await ledger.MoveAsync(
            unit,
            moment,
            "compensate",
            [.. moves.Select(m => new CardMove(byId[m.CardId], m.To!.Value, EventMethod.Compensation, data))],
            cancellationToken
        );
        return operation.Id;
    }

    private static void Tell(
        UnitOfWork unit,
        Guid id,
        CompensationPlan plan,
        List<PlannedCard> moves,
        Guid[] ended,
        Guid? operation,
        long sequence
    )
    {
        unit.Enqueue(
            new WriteOutbox<SummonersGridModule>(
                [
                    new OutboxEvent("compensation.applied", id.ToString(), sequence, "{}"),
                    .. moves.Select(m => new OutboxEvent("card.transferred", m.CardId.ToString(), m.Events + 1, "{}")),
                    .. ended.Select(t => new OutboxEvent("trade.cancelled", t.ToString(), sequence, "{}")),
                ]
            )
        );
        var details = new { operation, start = plan.Start, moves = moves.Count, trades = ended.Length };
        unit.Enqueue(
            new WriteActivity<SummonersGridModule>(unit.Actor, new Activity(Action, id.ToString(), Details: JsonSerializer.Serialize(details)))
        );
    }

    private static ApplyCompensationOutcome Refuse(UnitOfWork unit, ApplyCompensationOutcome outcome, Guid id, string code) =>
        unit.RefuseRecorded<SummonersGridModule, ApplyCompensationOutcome>(outcome, new Activity(Action, id.ToString(), code));
}
