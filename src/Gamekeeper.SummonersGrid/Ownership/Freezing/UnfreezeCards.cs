using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Outbox;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Ownership.Freezing;

/// <summary>What came of freeing cards.</summary>
public abstract record UnfreezeCardsOutcome
{
    private UnfreezeCardsOutcome() { }

    /// <summary>Every card named is free now.</summary>
    /// <param name="Freed">By this request.</param>
    /// <param name="Already">Before.</param>
    public sealed record Done(IReadOnlyList<Guid> Freed, IReadOnlyList<Guid> Already) : UnfreezeCardsOutcome;

    /// <summary>The request itself is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : UnfreezeCardsOutcome;

    /// <summary>These cards do not exist; none was freed.</summary>
    public sealed record UnknownCards(IReadOnlyList<Guid> Cards) : UnfreezeCardsOutcome;

    /// <summary>Players free nothing.</summary>
    public sealed record NotAllowed : UnfreezeCardsOutcome;
}

/// <summary>Lets frozen cards move again; see <see cref="FreezeCards"/>.</summary>
public sealed class UnfreezeCards(GameDatabase database)
{
    private const string Action = "card.unfreeze";

    /// <summary>All or none. Safe to repeat.</summary>
    /// <param name="actor">An operator, a service or the system.</param>
    /// <param name="cards">1 to 10 000; repeats count once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<UnfreezeCardsOutcome> RunAsync(Actor actor, IReadOnlyCollection<Guid> cards, CancellationToken cancellationToken = default)
    {
        if (FrozenCards.Check(cards) is { Count: > 0 } errors)
            return Task.FromResult<UnfreezeCardsOutcome>(new UnfreezeCardsOutcome.Invalid(errors));
        var asked = cards.Distinct().Order().ToArray();
        return database.WriteAsync<UnfreezeCardsOutcome>(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                var locked = await unit.ListAsync(new LockCards(asked), ct);
                if (!actor.IsTrusted)
                    return unit.RefuseRecorded<SummonersGridModule, UnfreezeCardsOutcome>(
                        new UnfreezeCardsOutcome.NotAllowed(),
                        FrozenCards.Refused(Action, asked, RefusalCodes.OperatorsOnly)
                    );
                if (locked.Count < asked.Length)
                    return unit.RefuseRecorded<SummonersGridModule, UnfreezeCardsOutcome>(
                        new UnfreezeCardsOutcome.UnknownCards([.. asked.Except(locked.Select(c => c.Id))]),
                        FrozenCards.Refused(Action, asked, RefusalCodes.UnknownCard)
                    );
                var frozen = locked.Where(c => c.IsFrozen).ToList();
                if (frozen.Count > 0)
                    Enqueue(unit, frozen);
                return new UnfreezeCardsOutcome.Done([.. frozen.Select(c => c.Id)], [.. locked.Where(c => !c.IsFrozen).Select(c => c.Id)]);
            },
            cancellationToken
        );
    }

    private static void Enqueue(UnitOfWork unit, List<LockedCard> frozen)
    {
        Guid[] ids = [.. frozen.Select(c => c.Id)];
        unit.Enqueue(new SetFree(ids));
        unit.Enqueue(
            new WriteOutbox<SummonersGridModule>([.. frozen.Select(c => new OutboxEvent("card.unfrozen", c.Id.ToString(), c.Events, "{}"))])
        );
        unit.Enqueue(
            new WriteActivity<SummonersGridModule>(
                unit.Actor,
                new Activity(Action, FrozenCards.Subject(ids), Details: JsonSerializer.Serialize(new { cards = ids.Length }))
            )
        );
    }
}

/// <summary>Locked cards that were frozen.</summary>
internal sealed record SetFree(Guid[] Cards) : IStatement<SetFree>
{
    public static string Sql => "update summoners_grid.card_instances set frozen_at = null, frozen_reason = null where id = any ($1)";

    public void Bind(StatementParameters parameters) => parameters.Add(Cards);
}

/// <summary>What freezing and freeing have in common.</summary>
internal static class FrozenCards
{
    public static List<FieldError> Check(IReadOnlyCollection<Guid> cards) =>
        cards.Count is < 1 or > FreezeCards.MaxCards
            ? [new("cardIds", $"names {cards.Count} cards; it takes 1 to {FreezeCards.MaxCards}")]
            : [];

    // One card is the subject itself; of many the first stands for them, and the audit log has each under the same request.
    public static string Subject(IReadOnlyList<Guid> cards) => cards[0].ToString();

    public static Activity Refused(string action, IReadOnlyList<Guid> cards, string code) =>
        new(action, Subject(cards), code, JsonSerializer.Serialize(new { cards = cards.Count }));
}
