using System.Security.Cryptography;
using System.Text;
using Gamekeeper.Integrity;
using Gamekeeper.SummonersGrid.Ownership.Import;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>
/// The one way in which a card changes hands or comes into the world: verbs say what moves, the ledger chains, signs and enqueues.
/// </summary>
/// <remarks>
/// A verb locks the cards first (in id order, with their heads), decides, and then calls the ledger once. The heads it passes are
/// what it saw under its locks; the statements check them again and the transaction fails if a row differs.
/// </remarks>
public sealed class OwnershipLedger(SigningKeyRing keys, TimeProvider clock)
{
    /// <summary>
    /// Sees to it that signing needs no connection of its own. Verbs call it before their transaction, which holds one already.
    /// </summary>
    public async ValueTask ReadyAsync(CancellationToken cancellationToken) => await keys.ActiveAsync(cancellationToken);

    /// <summary>Cards that come into the world: their rows and their first events.</summary>
    public async Task<OwnershipOperation> MintAsync(
        UnitOfWork unit,
        LedgerMoment moment,
        IReadOnlyList<NewCard> cards,
        CancellationToken cancellationToken
    )
    {
        var draft = new Draft(this, unit.Actor, moment, "mint");
        // Ten thousand cards are copies of a few hundred templates.
        var copies = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var card in cards)
        {
            byte[]? facts;
            if (card.UniqueStats is not null)
                facts = OwnershipFormat.FactsHash(card.TemplateId, card.UniqueStats);
            else if (!copies.TryGetValue(card.TemplateId, out facts))
                copies[card.TemplateId] = facts = OwnershipFormat.FactsHash(card.TemplateId, uniqueStats: null);
            draft.Add(card.Id, position: 1, previousHash: null, from: null, to: card.OwnerId, card.Method, card.Data, facts);
        }
        var (operation, events) = await draft.SignAsync(keys, cancellationToken);
        unit.Enqueue(new InsertCards(cards, events, moment.Now));
        unit.Enqueue(new InsertOperation(operation));
        unit.Enqueue(new InsertEvents(events));
        return operation;
    }

    /// <summary>Cards that change hands, all in one signed operation.</summary>
    /// <param name="unit">The transaction that holds the cards' locks.</param>
    /// <param name="moment">The transaction's time and the operation's number.</param>
    /// <param name="kind">trade, transfer or compensate.</param>
    /// <param name="moves">Each card once, with the head seen under its lock.</param>
    /// <param name="cancellationToken">Ends the wait for a signing key.</param>
    public async Task<OwnershipOperation> MoveAsync(
        UnitOfWork unit,
        LedgerMoment moment,
        string kind,
        IReadOnlyList<CardMove> moves,
        CancellationToken cancellationToken
    )
    {
        var draft = new Draft(this, unit.Actor, moment, kind);
        foreach (var move in moves)
            draft.Add(
                move.Card.Id,
                move.Card.Events + 1,
                move.Card.Head.Hash,
                move.Card.OwnerId,
                move.To,
                move.Method,
                move.Data,
                facts: null
            );
        var (operation, events) = await draft.SignAsync(keys, cancellationToken);
        unit.Enqueue(new MoveCards(events, moment.Now));
        unit.Enqueue(new InsertOperation(operation));
        unit.Enqueue(new InsertEvents(events));
        return operation;
    }

    /// <summary>Cards that were there before us: their rows, and first events that keep what the other system said of them.</summary>
    internal async Task<OwnershipOperation> ImportAsync(
        UnitOfWork unit,
        LedgerMoment moment,
        IReadOnlyList<CardFromElsewhere> cards,
        CancellationToken cancellationToken
    )
    {
        var draft = new Draft(this, unit.Actor, moment, "import");
        foreach (var (card, _) in cards)
            draft.Add(
                card.Id,
                position: 1,
                previousHash: null,
                from: null,
                to: card.OwnerId,
                EventMethod.Import,
                card.Data,
                OwnershipFormat.FactsHash(card.TemplateId, card.UniqueStats)
            );
        var (operation, events) = await draft.SignAsync(keys, cancellationToken);
        unit.Enqueue(new InsertImportedCards(cards, events, moment.Now));
        unit.Enqueue(new InsertOperation(operation));
        unit.Enqueue(new InsertEvents(events));
        return operation;
    }

    /// <summary>First events for cards that came from elsewhere with a signature of an older format.</summary>
    public async Task<OwnershipOperation> AttestAsync(
        UnitOfWork unit,
        LedgerMoment moment,
        IReadOnlyList<LegacyCard> cards,
        CancellationToken cancellationToken
    )
    {
        var draft = new Draft(this, unit.Actor, moment, "attest");
        foreach (var card in cards)
            draft.Add(
                card.Id,
                position: 1,
                previousHash: null,
                from: null,
                to: card.OwnerId,
                EventMethod.Attestation,
                card.Data,
                OwnershipFormat.FactsHash(card.TemplateId, card.UniqueStats)
            );
        var (operation, events) = await draft.SignAsync(keys, cancellationToken);
        unit.Enqueue(new AttestCards(events));
        unit.Enqueue(new InsertOperation(operation));
        unit.Enqueue(new InsertEvents(events));
        return operation;
    }

    /// <summary>Events of one operation while they are being put together.</summary>
    private sealed class Draft(OwnershipLedger ledger, Actor actor, LedgerMoment moment, string kind)
    {
        private readonly Guid _operation = Guid.CreateVersion7(ledger.Clock.GetUtcNow());
        private readonly List<(OwnershipEvent Event, byte[] Hash)> _events = [];
        private string? _spelledData;
        private byte[] _spelling = [];

        public void Add(
            Guid card,
            int position,
            byte[]? previousHash,
            Guid? from,
            Guid to,
            string method,
            string? data,
            byte[]? facts
        )
        {
            var e = new OwnershipEvent
            {
                Id = Guid.CreateVersion7(ledger.Clock.GetUtcNow()),
                OperationId = _operation,
                CardId = card,
                Position = position,
                PreviousHash = previousHash,
                PreviousOwnerId = from,
                NewOwnerId = to,
                Method = method,
                Data = data,
                DataSalt = data is null ? null : RandomNumberGenerator.GetBytes(16),
                CreatedAt = moment.Now,
                Signature = default,
            };
            _events.Add((e, OwnershipFormat.EventHash(e, facts, DataHash(e))));
        }

        // The events of one operation mostly carry the same data, each under a salt of its own: it is spelled once.
        private byte[]? DataHash(OwnershipEvent e)
        {
            if (e.Data is null)
                return null;
            if (!ReferenceEquals(e.Data, _spelledData))
                (_spelledData, _spelling) = (e.Data, Encoding.UTF8.GetBytes(CanonicalJson.Of(e.Data)));
            return OwnershipFormat.DataHash(_spelling, e.DataSalt);
        }

        public async Task<(OwnershipOperation, IReadOnlyList<OwnershipEvent>)> SignAsync(
            SigningKeyRing keys,
            CancellationToken cancellationToken
        )
        {
            var key = await keys.ActiveAsync(cancellationToken);
            var operation = new OwnershipOperation
            {
                Id = _operation,
                Sequence = moment.Sequence,
                Kind = kind,
                EventCount = _events.Count,
                EventsRoot = MerkleTree.Root(_events.Select(e => e.Hash)),
                ActorId = actor.Id,
                ActorKind = actor.Kind.ToString().ToLowerInvariant(),
                CreatedAt = moment.Now,
                KeyId = key.Id,
            };
            operation = operation with { Signature = key.Sign(OwnershipFormat.OperationBytes(operation)) };
            return (operation, [.. _events.Select(e => e.Event with { Signature = new CardSignature(key.Id, e.Hash) })]);
        }
    }

    private TimeProvider Clock => clock;
}

/// <summary>The transaction's time, from the database's clock, and the number of the operation to come.</summary>
public readonly record struct LedgerMoment(DateTimeOffset Now, long Sequence);

/// <summary>A card as it was seen under its lock.</summary>
/// <param name="Id">The card.</param>
/// <param name="OwnerId">Who owns it.</param>
/// <param name="Events">Position of its latest event.</param>
/// <param name="Signature">Its latest event; null when it carries a signature of another format, and then it cannot move.</param>
/// <param name="IsFrozen">An operator keeps it where it is: only a compensation moves it.</param>
public readonly record struct LockedCard(Guid Id, Guid OwnerId, int Events, CardSignature? Signature, bool IsFrozen)
{
    /// <summary>The event that the next one follows.</summary>
    /// <exception cref="InvalidOperationException">The card cannot move; the verb has to refuse before.</exception>
    public CardSignature Head =>
        Signature ?? throw new InvalidOperationException($"Card {Id} has no readable signature; refuse it before it is moved.");
}

/// <summary>One card that changes hands.</summary>
public sealed record CardMove(LockedCard Card, Guid To, string Method, string? Data);

/// <summary>One card that comes into the world.</summary>
/// <param name="Id">Version 7, made by the caller.</param>
/// <param name="TemplateId">What it is a copy of.</param>
/// <param name="OwnerId">Who gets it.</param>
/// <param name="Method">How it came, such as <c>pack_opening</c>.</param>
/// <param name="Data">Pack and reason as JSON; null when there is none.</param>
/// <param name="UniqueStats">Numbers of a procedural card as JSON, integers only; null for a plain copy.</param>
public sealed record NewCard(Guid Id, string TemplateId, Guid OwnerId, string Method, string? Data, string? UniqueStats);
