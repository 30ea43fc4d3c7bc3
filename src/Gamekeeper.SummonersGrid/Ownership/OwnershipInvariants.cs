using System.Runtime.CompilerServices;
using Gamekeeper.Integrity;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>Every card's history is unbroken and ends with the card's row. Reads all events once, in order, on one snapshot.</summary>
public sealed class OwnershipChainHolds(GameDatabase database) : IInvariant
{
    /// <inheritdoc />
    public string Name => "summoners_grid.ownership-chain";

    /// <inheritdoc />
    public string Promise => "Every card's events follow each other from its minting to its owner, and none was altered.";

    /// <inheritdoc />
    public async IAsyncEnumerable<InvariantBreach> CheckAsync(int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CardHead? card = null;
        var events = new List<OwnershipEvent>();
        var found = 0;
        await foreach (var row in database.StreamAsync(new ReadAllChains(), cancellationToken))
        {
            if (card is not null && row.Card.Id != card.Id)
            {
                if (ChainCheck.FirstBreach(card, events) is { } breach)
                {
                    yield return breach;
                    if (++found == limit)
                        yield break;
                }
                events.Clear();
            }
            card = row.Card;
            if (row.Event is { } e)
                events.Add(e);
        }
        if (card is not null && ChainCheck.FirstBreach(card, events) is { } last)
            yield return last;
    }

    private sealed record ReadAllChains : IQuery<ReadAllChains, (CardHead Card, OwnershipEvent? Event)>
    {
        // A card without a history comes with a null event, and is a breach.
        public static string Sql =>
            $"""
            select {HistoryRow.EventColumns}, c.id, c.template_id, c.unique_stats::text, c.owner_id, c.events, c.signature, c.signature_chain,
                   c.acquired_method, c.created_at, c.last_transferred, c.acquisition_data::text
            from summoners_grid.card_instances c
            left join summoners_grid.ownership_history h on h.card_instance_id = c.id
            order by c.id, h.position
            """;

        public void Bind(StatementParameters parameters) { }

        public static (CardHead Card, OwnershipEvent? Event) Read(NpgsqlDataReader row)
        {
            const int at = HistoryRow.EventColumnCount;
            var card = new CardHead(
                row.GetGuid(at),
                row.GetString(at + 1),
                row.IsDBNull(at + 2) ? null : row.GetString(at + 2),
                row.GetGuid(at + 3),
                row.GetInt32(at + 4),
                row.GetString(at + 5),
                row.GetFieldValue<string[]>(at + 6),
                row.GetString(at + 7),
                row.GetFieldValue<DateTimeOffset>(at + 8),
                row.IsDBNull(at + 9) ? null : row.GetFieldValue<DateTimeOffset>(at + 9),
                row.IsDBNull(at + 10) ? null : row.GetString(at + 10)
            );
            return (card, row.IsDBNull(0) ? null : HistoryRow.ReadEvent(row, 0));
        }
    }
}

/// <summary>
/// Every operation's signature is good and covers exactly the events that name it: also a card that vanished with its whole history
/// is missed by the operation that minted it.
/// </summary>
public sealed class OwnershipOperationsHold(GameDatabase database, SigningKeyRing keys) : IInvariant
{
    /// <inheritdoc />
    public string Name => "summoners_grid.ownership-operations";

    /// <inheritdoc />
    public string Promise => "Every signed operation covers exactly its events, and its signature is good.";

    /// <inheritdoc />
    public async IAsyncEnumerable<InvariantBreach> CheckAsync(int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        OwnershipOperation? operation = null;
        var hashes = new List<byte[]>();
        var found = 0;
        await foreach (var row in database.StreamAsync(new ReadAllOperations(), cancellationToken))
        {
            if (operation is not null && row.Operation.Id != operation.Id)
            {
                if (await OperationCheck.FirstBreachAsync(keys, operation, hashes, cancellationToken) is { } breach)
                {
                    yield return breach;
                    if (++found == limit)
                        yield break;
                }
                hashes.Clear();
            }
            operation = row.Operation;
            if (row.Event is not { } e)
                continue;
            hashes.Add(e.Hash);
            if (OperationCheck.Belongs(e.Id, e.KeyId, e.CreatedAt, operation) is { } misplaced)
            {
                yield return misplaced;
                if (++found == limit)
                    yield break;
            }
        }
        if (operation is not null && await OperationCheck.FirstBreachAsync(keys, operation, hashes, cancellationToken) is { } last)
            yield return last;
    }

    private sealed record CoveredEvent(Guid Id, string KeyId, byte[] Hash, DateTimeOffset CreatedAt);

    private sealed record ReadAllOperations : IQuery<ReadAllOperations, (OwnershipOperation Operation, CoveredEvent? Event)>
    {
        public static string Sql =>
            $"""
            select {HistoryRow.OperationColumns}, h.id, h.signature, h.created_at
            from summoners_grid.ownership_operations o
            left join summoners_grid.ownership_history h on h.operation_id = o.id
            order by o.id
            """;

        public void Bind(StatementParameters parameters) { }

        public static (OwnershipOperation Operation, CoveredEvent? Event) Read(NpgsqlDataReader row)
        {
            var operation = HistoryRow.ReadOperation(row, 0);
            if (row.IsDBNull(10))
                return (operation, null);
            var signature = HistoryRow.ReadSignature(row, 11);
            return (operation, new(row.GetGuid(10), signature.KeyId, signature.Hash, row.GetFieldValue<DateTimeOffset>(12)));
        }
    }
}
