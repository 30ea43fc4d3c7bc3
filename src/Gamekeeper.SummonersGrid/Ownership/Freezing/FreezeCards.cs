using System.Text.Json;
using System.Text.RegularExpressions;
using Gamekeeper.Auditing;
using Gamekeeper.Outbox;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Ownership.Freezing;

/// <summary>What came of freezing cards.</summary>
public abstract record FreezeCardsOutcome
{
    private FreezeCardsOutcome() { }

    /// <summary>Every card named is frozen now.</summary>
    /// <param name="Frozen">By this request.</param>
    /// <param name="Already">Before; their first reason stands.</param>
    public sealed record Done(IReadOnlyList<Guid> Frozen, IReadOnlyList<Guid> Already) : FreezeCardsOutcome;

    /// <summary>The request itself is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : FreezeCardsOutcome;

    /// <summary>These cards do not exist; none was frozen.</summary>
    public sealed record UnknownCards(IReadOnlyList<Guid> Cards) : FreezeCardsOutcome;

    /// <summary>Players freeze nothing.</summary>
    public sealed record NotAllowed : FreezeCardsOutcome;
}

/// <summary>
/// Keeps cards where they are: they can be neither offered, transferred nor traded; a compensation alone moves them. Whoever owns them
/// keeps them, and everything else of the economy goes on.
/// </summary>
/// <remarks>
/// When this returns the freeze is effective: it waited for the locks of every trade and transfer that saw a card free, and the later
/// ones read the flag under their own lock.
/// </remarks>
public sealed partial class FreezeCards(GameDatabase database)
{
    /// <summary>The most cards of one request.</summary>
    public const int MaxCards = 10_000;

    private const string Action = "card.freeze";

    /// <summary>All or none. Safe to repeat: frozen cards stay frozen for their first reason.</summary>
    /// <param name="actor">An operator, a service or the system.</param>
    /// <param name="cards">1 to 10 000; repeats count once.</param>
    /// <param name="reason">A word for why, such as <c>duped</c>: 1 to 50 of a-z, 0-9, _ and -, never personal text.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<FreezeCardsOutcome> RunAsync(
        Actor actor,
        IReadOnlyCollection<Guid> cards,
        string reason,
        CancellationToken cancellationToken = default
    )
    {
        var errors = FrozenCards.Check(cards);
        if (!Code().IsMatch(reason))
            errors.Add(new("reason", "takes 1 to 50 characters of a-z, 0-9, _ and -"));
        if (errors.Count > 0)
            return Task.FromResult<FreezeCardsOutcome>(new FreezeCardsOutcome.Invalid(errors));
        var asked = cards.Distinct().Order().ToArray();
        return database.WriteAsync<FreezeCardsOutcome>(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                var locked = await unit.ListAsync(new LockCards(asked), ct);
                if (!actor.IsTrusted)
                    return unit.RefuseRecorded<SummonersGridModule, FreezeCardsOutcome>(
                        new FreezeCardsOutcome.NotAllowed(),
                        FrozenCards.Refused(Action, asked, RefusalCodes.OperatorsOnly)
                    );
                if (locked.Count < asked.Length)
                    return unit.RefuseRecorded<SummonersGridModule, FreezeCardsOutcome>(
                        new FreezeCardsOutcome.UnknownCards([.. asked.Except(locked.Select(c => c.Id))]),
                        FrozenCards.Refused(Action, asked, RefusalCodes.UnknownCard)
                    );
                var free = locked.Where(c => !c.IsFrozen).ToList();
                if (free.Count > 0)
                    Enqueue(unit, free, reason);
                return new FreezeCardsOutcome.Done([.. free.Select(c => c.Id)], [.. locked.Where(c => c.IsFrozen).Select(c => c.Id)]);
            },
            cancellationToken
        );
    }

    private static void Enqueue(UnitOfWork unit, List<LockedCard> free, string reason)
    {
        unit.Enqueue(new SetFrozen([.. free.Select(c => c.Id)], reason));
        unit.Enqueue(
            new WriteOutbox<SummonersGridModule>([.. free.Select(c => new OutboxEvent("card.frozen", c.Id.ToString(), c.Events, "{}"))])
        );
        var details = JsonSerializer.Serialize(new { reason, cards = free.Count });
        unit.Enqueue(
            new WriteActivity<SummonersGridModule>(unit.Actor, new Activity(Action, FrozenCards.Subject([.. free.Select(c => c.Id)]), Details: details))
        );
    }

    [GeneratedRegex(@"\A[a-z0-9_-]{1,50}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}

/// <summary>Locked cards that were free.</summary>
internal sealed record SetFrozen(Guid[] Cards, string Reason) : IStatement<SetFrozen>
{
    public static string Sql =>
        "update summoners_grid.card_instances set frozen_at = now(), frozen_reason = $2 where id = any ($1) and frozen_at is null";

    public void Bind(StatementParameters parameters) => parameters.Add(Cards).Add(Reason);
}
