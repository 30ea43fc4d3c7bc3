using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.SummonersGrid.Ownership.Lineage;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Ownership.Compensating;

/// <summary>What came of asking for a plan.</summary>
public abstract record PlanCompensationOutcome
{
    private PlanCompensationOutcome() { }

    /// <summary>The plan, stored; nothing has moved.</summary>
    public sealed record Planned(Compensation Compensation) : PlanCompensationOutcome;

    /// <summary>The request itself is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : PlanCompensationOutcome;

    /// <summary>There is no such operation, event or card, or the card has no event so late.</summary>
    public sealed record UnknownStart : PlanCompensationOutcome;

    /// <summary>It has been put right as a whole, by these.</summary>
    public sealed record AlreadyCompensated(IReadOnlyList<Guid> Compensations) : PlanCompensationOutcome;

    /// <summary>More cards are concerned than a plan holds; freeze them, and put right the bad operation's cards one by one.</summary>
    public sealed record TooLarge(int Limit) : PlanCompensationOutcome;

    /// <summary>Cards that came from nowhere need an account of the house to go to.</summary>
    public sealed record NeedsQuarantine(IReadOnlyList<Guid> Cards) : PlanCompensationOutcome;

    /// <summary>The account of the house is not there, or closed.</summary>
    public sealed record UnknownPlayer(Guid Player) : PlanCompensationOutcome;

    /// <summary>Players plan nothing.</summary>
    public sealed record NotAllowed : PlanCompensationOutcome;
}

/// <summary>
/// Says what would put a bad event right, card by card, and stores it as a plan that can be applied exactly as it was shown. The rule
/// stands in docs/concepts/lineage.md. Moves nothing.
/// </summary>
public sealed class PlanCompensation(GameDatabase database, PlayerRepository players, TimeProvider clock)
{
    private const string Action = "compensation.plan";

    /// <summary>The most bad players of a plan.</summary>
    public const int MaxBadPlayers = 100;

    /// <summary>Safe to repeat: while the world stays as it is the plan is the same one, with the same id.</summary>
    /// <param name="actor">An operator, a service or the system.</param>
    /// <param name="request">What is to be put right.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<PlanCompensationOutcome> RunAsync(Actor actor, CompensationRequest request, CancellationToken cancellationToken = default)
    {
        if (Check(request) is { Count: > 0 } errors)
            return new PlanCompensationOutcome.Invalid(errors);
        if (actor.IsTrusted && request.Quarantine is { } house && !await players.EnsureAsync(house, cancellationToken))
            return new PlanCompensationOutcome.UnknownPlayer(house);
        return await database.WriteAsync<PlanCompensationOutcome>(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                var nobodies = await unit.ListAsync(new NoPlayers([.. request.BadPlayers]), ct);
                if (!actor.IsTrusted)
                    return unit.RefuseRecorded<SummonersGridModule, PlanCompensationOutcome>(
                        new PlanCompensationOutcome.NotAllowed(),
                        new Activity(Action, request.Start.ToString(), RefusalCodes.OperatorsOnly)
                    );
                // Mistyped, the bad party would count as a bystander, and nobody would notice.
                if (nobodies is [var nobody, ..])
                    return unit.Refuse(new PlanCompensationOutcome.Invalid([new("badPlayers", $"names {nobody}, who is no player of this game")]));
                var (plan, refusal) = await DraftAsync(unit, request, ct);
                return plan is null ? unit.Refuse(refusal!) : await StoreAsync(unit, plan, ct);
            },
            cancellationToken
        );
    }

    private static async Task<(CompensationPlan? Plan, PlanCompensationOutcome? Refusal)> DraftAsync(
        UnitOfWork unit,
        CompensationRequest request,
        CancellationToken cancellationToken
    )
    {
        if (await TraceLineage.WalkAsync(unit, request.Start, request.IsWide, cancellationToken) is not { } walk)
            return (null, new PlanCompensationOutcome.UnknownStart());
        if (walk.Bad.Count == 0)
            return (null, new PlanCompensationOutcome.AlreadyCompensated(walk.Compensations));
        if (walk.IsTruncated || await ConcernedCards.ReadAsync(unit, walk, cancellationToken) is not { } concerned)
            return (null, new PlanCompensationOutcome.TooLarge(CompensationPlan.MaxCards));

        if (request.Quarantine is { } house && !await IsOpenAsync(unit, house, cancellationToken))
            return (null, new PlanCompensationOutcome.UnknownPlayer(house));
        var unwinding = new Unwinding(
            concerned,
            walk.Events.Where(e => !e.IsVoid).Select(e => e.Id).ToHashSet(),
            walk.Bad,
            request.BadPlayers
        );
        var cards = concerned.Heads.Select(h => Planned(h, unwinding.Of(h.CardId), request.Quarantine)).OrderBy(c => c.CardId).ToList();
        if (request.Quarantine is null && cards.Where(c => c.IsQuarantined).Select(c => c.CardId).ToList() is { Count: > 0 } homeless)
            return (null, new PlanCompensationOutcome.NeedsQuarantine(homeless));
        return (
            new CompensationPlan(1, request.Start.ToString(), request.IsWide, [.. request.BadPlayers.Distinct().Order()], request.Quarantine, cards),
            null
        );
    }

    private static PlannedCard Planned(LineageEvent head, (IReadOnlyList<LineageEvent> Undone, Standing? Standing) fate, Guid? quarantine)
    {
        var isQuarantined = fate.Undone is [.., { From: null }];
        return new PlannedCard(
            head.CardId,
            head.Position,
            head.To,
            fate.Undone.Count == 0 ? null : fate.Undone[^1].From ?? quarantine,
            isQuarantined,
            [.. fate.Undone.Select(e => e.Id)],
            fate.Standing?.Reason,
            fate.Standing?.Because
        );
    }

    private static async Task<bool> IsOpenAsync(UnitOfWork unit, Guid player, CancellationToken cancellationToken) =>
        (await unit.ListAsync(new OpenPlayers([player]), cancellationToken)).Count > 0;

    private async Task<PlanCompensationOutcome> StoreAsync(UnitOfWork unit, CompensationPlan plan, CancellationToken cancellationToken)
    {
        var document = PlanDocument.Write(plan);
        var hash = PlanDocument.Hash(document);
        unit.Enqueue(new InsertPlan(Guid.CreateVersion7(clock.GetUtcNow()), document, hash, unit.Actor));
        var stored = (await unit.FirstAsync(new FindPlanByHash(hash), cancellationToken))!;
        unit.Enqueue(
            new WriteActivity<SummonersGridModule>(
                unit.Actor,
                new Activity(
                    Action,
                    stored.Id.ToString(),
                    Details: JsonSerializer.Serialize(new { start = plan.Start, cards = plan.Cards.Count, moves = plan.Moves.Count() })
                )
            )
        );
        return new PlanCompensationOutcome.Planned(stored);
    }

    private static List<FieldError> Check(CompensationRequest request)
    {
        var errors = new List<FieldError>();
        if (request.BadPlayers.Count > MaxBadPlayers)
            errors.Add(new("badPlayers", $"names {request.BadPlayers.Count} players; it takes at most {MaxBadPlayers}"));
        if (request.Quarantine is { } house && request.BadPlayers.Contains(house))
            errors.Add(new("quarantine", "is one of the bad players; take an account of the house"));
        return errors;
    }
}
