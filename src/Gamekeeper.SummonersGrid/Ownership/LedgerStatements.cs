using Gamekeeper.Transactions;
using Npgsql;
using NpgsqlTypes;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>The transaction's time and the next number; first in the batch that locks, so that both are known before deciding.</summary>
internal sealed record NextMoment : IQuery<NextMoment, LedgerMoment>
{
    public static string Sql => "select now(), nextval('summoners_grid.ownership_sequence')";

    public void Bind(StatementParameters parameters) { }

    public static LedgerMoment Read(NpgsqlDataReader row) => new(row.GetFieldValue<DateTimeOffset>(0), row.GetInt64(1));
}

/// <summary>New cards, from arrays: ten thousand rows are one statement.</summary>
internal sealed record InsertCards(IReadOnlyList<NewCard> Cards, IReadOnlyList<OwnershipEvent> Events, DateTimeOffset Now)
    : IStatement<InsertCards>
{
    public static string Sql =>
        """
        insert into summoners_grid.card_instances
          (id, template_id, owner_id, unique_stats, signature, acquired_method, acquisition_data, created_at)
        select id, template_id, owner_id, unique_stats, signature, method, data, $8
        from unnest($1::uuid[], $2::text[], $3::uuid[], $4::jsonb[], $5::text[], $6::text[], $7::jsonb[])
          as c (id, template_id, owner_id, unique_stats, signature, method, data)
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Cards.Select(c => c.Id).ToArray())
            .Add(Cards.Select(c => c.TemplateId).ToArray())
            .Add(Cards.Select(c => c.OwnerId).ToArray())
            .Add(Cards.Select(c => c.UniqueStats).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Jsonb)
            .Add(Events.Select(e => e.Signature.ToString()).ToArray())
            .Add(Cards.Select(c => c.Method).ToArray())
            .Add(Cards.Select(c => c.Data).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Jsonb)
            .Add(Now);
}

/// <summary>
/// Hands cards over. Each row is matched by the owner and the position that were seen under its lock; one row fewer than events, and
/// the transaction fails.
/// </summary>
internal sealed record MoveCards(IReadOnlyList<OwnershipEvent> Events, DateTimeOffset Now) : IQuery<MoveCards, bool>
{
    public static string Sql =>
        """
        with moved as (
          update summoners_grid.card_instances c
          set owner_id = m.new_owner,
              signature = m.signature,
              -- The last eight before this one; the whole chain stands in the history.
              signature_chain = (c.signature_chain || c.signature::text)[greatest(1, cardinality(c.signature_chain) - 6):],
              events = m.position,
              last_transferred = $6
          from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::text[])
            as m (id, old_owner, new_owner, position, signature)
          where c.id = m.id
            and c.owner_id = m.old_owner
            and c.events = m.position - 1
          returning c.id
        )
        select core.expect(count(*), cardinality($1::uuid[]), 'cards that move') from moved
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Events.Select(e => e.CardId).ToArray())
            .Add(Events.Select(e => e.PreviousOwnerId ?? Guid.Empty).ToArray())
            .Add(Events.Select(e => e.NewOwnerId).ToArray())
            .Add(Events.Select(e => e.Position).ToArray())
            .Add(Events.Select(e => e.Signature.ToString()).ToArray())
            .Add(Now);

    public static bool Read(NpgsqlDataReader row) => row.GetBoolean(0);
}

/// <summary>Gives cards of an older format the signature of their first event.</summary>
internal sealed record AttestCards(IReadOnlyList<OwnershipEvent> Events) : IQuery<AttestCards, bool>
{
    public static string Sql =>
        """
        with attested as (
          update summoners_grid.card_instances c
          set signature = a.signature, signature_chain = '{}', events = 1, last_transferred = null
          from unnest($1::uuid[], $2::uuid[], $3::text[]) as a (id, owner, signature)
          where c.id = a.id and c.owner_id = a.owner
          returning c.id
        )
        select core.expect(count(*), cardinality($1::uuid[]), 'cards that are attested') from attested
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Events.Select(e => e.CardId).ToArray())
            .Add(Events.Select(e => e.NewOwnerId).ToArray())
            .Add(Events.Select(e => e.Signature.ToString()).ToArray());

    public static bool Read(NpgsqlDataReader row) => row.GetBoolean(0);
}

/// <summary>The signed row of an operation.</summary>
internal sealed record InsertOperation(OwnershipOperation Operation) : IStatement<InsertOperation>
{
    public static string Sql =>
        """
        insert into summoners_grid.ownership_operations
          (id, sequence, kind, event_count, events_root, key_id, signature, actor_id, actor_kind, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Operation.Id)
            .Add(Operation.Sequence)
            .Add(Operation.Kind)
            .Add(Operation.EventCount)
            .Add(Operation.EventsRoot)
            .Add(Operation.KeyId)
            .Add(Operation.Signature)
            .AddNullable(Operation.ActorId)
            .Add(Operation.ActorKind)
            .Add(Operation.CreatedAt);
}

/// <summary>The events of one operation, from arrays.</summary>
internal sealed record InsertEvents(IReadOnlyList<OwnershipEvent> Events) : IStatement<InsertEvents>
{
    public static string Sql =>
        """
        insert into summoners_grid.ownership_history
          (id, card_instance_id, position, operation_id, previous_owner_id, new_owner_id,
           transfer_method, transfer_data, data_salt, previous_hash, signature, created_at)
        select id, card, position, $3, previous_owner, new_owner, method, data, salt, previous_hash, signature, $4
        from unnest($1::uuid[], $2::uuid[], $5::int[], $6::uuid[], $7::uuid[], $8::text[], $9::jsonb[], $10::bytea[], $11::bytea[], $12::text[])
          as e (id, card, position, previous_owner, new_owner, method, data, salt, previous_hash, signature)
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Events.Select(e => e.Id).ToArray())
            .Add(Events.Select(e => e.CardId).ToArray())
            .Add(Events[0].OperationId)
            .Add(Events[0].CreatedAt)
            .Add(Events.Select(e => e.Position).ToArray())
            .Add(Events.Select(e => e.PreviousOwnerId).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            .Add(Events.Select(e => e.NewOwnerId).ToArray())
            .Add(Events.Select(e => e.Method).ToArray())
            .Add(Events.Select(e => e.Data).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Jsonb)
            .Add(Events.Select(e => e.DataSalt).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bytea)
            .Add(Events.Select(e => e.PreviousHash).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bytea)
            .Add(Events.Select(e => e.Signature.ToString()).ToArray());
}

/// <summary>The transaction's time alone, for a verb that moves nothing.</summary>
internal sealed record Moment : IQuery<Moment, DateTimeOffset>
{
    public static string Sql => "select now()";

    public void Bind(StatementParameters parameters) { }

    public static DateTimeOffset Read(NpgsqlDataReader row) => row.GetFieldValue<DateTimeOffset>(0);
}
