using Gamekeeper.Integrity;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>A card's whole history, with everything that is needed to check it.</summary>
/// <param name="Card">The card as its row says.</param>
/// <param name="SignatureChain">The tail of earlier signatures as the row says.</param>
/// <param name="AcquisitionData">The row's copy of the first event's data; null when there is none.</param>
/// <param name="Events">All events, first to last.</param>
/// <param name="Operations">The operations of those events.</param>
/// <param name="Siblings">For each operation the hashes of all its events, this card's and others'.</param>
/// <param name="VerifiedEvents">How many events were found right when it was last checked; 0 when it never was.</param>
public sealed record CardHistory(
    Card Card,
    IReadOnlyList<string> SignatureChain,
    string? AcquisitionData,
    IReadOnlyList<OwnershipEvent> Events,
    IReadOnlyDictionary<Guid, OwnershipOperation> Operations,
    ILookup<Guid, byte[]> Siblings,
    int VerifiedEvents
);

/// <summary>What a check of one card found.</summary>
public abstract record CardVerdict
{
    private CardVerdict() { }

    /// <summary>Chain, signatures and the card's own row agree.</summary>
    public sealed record Intact(int Events) : CardVerdict;

    /// <summary>Something does not agree; the first bad row is named.</summary>
    public sealed record Broken(InvariantBreach First) : CardVerdict;
}

/// <summary>Reads and checks a card's history. Reports what is wrong and never mends it.</summary>
public sealed class OwnershipHistory(GameDatabase database, SigningKeyRing keys, TimeProvider clock)
{
    /// <summary>The history of one card; null when there is no such card. Two round trips, however long it is.</summary>
    public Task<CardHistory?> ReadAsync(Guid cardId, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            ReadConsistency.Strong,
            actor: null,
            async (scope, ct) =>
            {
                var rows = await scope.ListAsync(new ReadHeadAndEvents(cardId), ct);
                if (rows.Count == 0)
                    return null;
                var card = rows[0].Head;
                var events = rows.Select(r => r.Event).OfType<OwnershipEvent>().ToList();
                var ids = events.Select(e => e.OperationId).Distinct().ToArray();
                var operations = scope.Enqueue(new ReadOperations(ids));
                var siblings = await scope.ListAsync(new ReadSiblings(ids), ct);
                return new CardHistory(
                    card.Card,
                    card.Chain,
                    card.AcquisitionData,
                    events,
                    operations.Rows.ToDictionary(o => o.Id),
                    siblings.ToLookup(s => s.Operation, s => s.Hash),
                    card.VerifiedEvents
                );
            },
            cancellationToken
        );

    /// <summary>Checks one card and remembers what was found right. Null when there is no such card. Safe to repeat.</summary>
    public async Task<(CardHistory History, CardVerdict Verdict)?> VerifyAsync(Guid cardId, CancellationToken cancellationToken = default)
    {
        if (await ReadAsync(cardId, cancellationToken) is not { } history)
            return null;
        var breach = await FirstBreachAsync(history, cancellationToken);
        if (breach is not null)
            return (history, new CardVerdict.Broken(breach));
        await RememberAsync(history, cancellationToken);
        return (history with { VerifiedEvents = history.Events.Count }, new CardVerdict.Intact(history.Events.Count));
    }

    private async Task<InvariantBreach?> FirstBreachAsync(CardHistory history, CancellationToken cancellationToken)
    {
        if (ChainCheck.FirstBreach(CardHead.Of(history), history.Events) is { } breach)
            return breach;
        foreach (var operation in history.Operations.Values)
            if (await OperationCheck.FirstBreachAsync(keys, operation, [.. history.Siblings[operation.Id]], cancellationToken) is { } bad)
                return bad;
        return history
            .Events.Select(e => OperationCheck.Belongs(e, history.Operations.GetValueOrDefault(e.OperationId)))
            .FirstOrDefault(b => b is not null);
    }

    private Task RememberAsync(CardHistory history, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Actor.System(clock),
            (unit, _) =>
            {
                unit.MarkRepeatable();
                unit.Enqueue(new RememberVerification(history.Card.Id, history.Events.Count, history.Card.Signature));
                return Task.CompletedTask;
            },
            cancellationToken
        );

    private sealed record Head(Card Card, IReadOnlyList<string> Chain, int VerifiedEvents, string? AcquisitionData);

    // One statement sees one moment: a card that moves meanwhile is seen before or after, never with the one's head and the other's events.
    private sealed record ReadHeadAndEvents(Guid CardId) : IQuery<ReadHeadAndEvents, (Head Head, OwnershipEvent? Event)>
    {
        public static string Sql =>
            $"""
            select {CardColumns.All}, c.signature_chain, coalesce(v.verified_events, 0), c.acquisition_data::text, {HistoryRow.EventColumns}
            from summoners_grid.card_instances c
            left join summoners_grid.ownership_verifications v on v.card_instance_id = c.id
            -- ownership_history_card_position_key
            left join summoners_grid.ownership_history h on h.card_instance_id = c.id
            where c.id = $1
            order by h.position
            """;

        public void Bind(StatementParameters parameters) => parameters.Add(CardId);

        public static (Head Head, OwnershipEvent? Event) Read(NpgsqlDataReader row)
        {
            const int at = CardColumns.Count;
            var head = new Head(
                CardColumns.Read(row),
                row.GetFieldValue<string[]>(at),
                row.GetInt32(at + 1),
                row.IsDBNull(at + 2) ? null : row.GetString(at + 2)
            );
            return (head, row.IsDBNull(at + 3) ? null : HistoryRow.ReadEvent(row, at + 3));
        }
    }

    private sealed record RememberVerification(Guid CardId, int Events, string Signature) : IStatement<RememberVerification>
    {
        public static string Sql =>
            """
            insert into summoners_grid.ownership_verifications (card_instance_id, verified_events, head_signature)
            values ($1, $2, $3)
            on conflict (card_instance_id) do update
            set verified_events = excluded.verified_events, head_signature = excluded.head_signature, verified_at = now()
            """;

        public void Bind(StatementParameters parameters) => parameters.Add(CardId).Add(Events).Add(Signature);
    }
}
