using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Ownership.Lineage;

/// <summary>The events of an operation.</summary>
internal sealed record EventsOfOperations(Guid[] Operations, int Limit) : IQuery<EventsOfOperations, LineageEvent>
{
    public static string Sql =>
        $"""
        select {LineageRow.Columns}
        from summoners_grid.ownership_history h
        join summoners_grid.ownership_operations o on o.id = h.operation_id
        left join summoners_grid.compensated_events v on v.event_id = h.id
        -- idx_ownership_history_operation
        where h.operation_id = any ($1)
        limit $2
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Operations).Add(Limit);

    public static LineageEvent Read(NpgsqlDataReader row) => LineageRow.Read(row);
}

/// <summary>One event; of a trade the events of both sides.</summary>
internal sealed record EventOrItsTrade(Guid Event, int Limit) : IQuery<EventOrItsTrade, LineageEvent>
{
    public static string Sql =>
        $"""
        select {LineageRow.Columns}
        from summoners_grid.ownership_history named
        join summoners_grid.ownership_operations o on o.id = named.operation_id
        -- idx_ownership_history_operation
        join summoners_grid.ownership_history h on h.operation_id = o.id and (o.kind = 'trade' or h.id = named.id)
        left join summoners_grid.compensated_events v on v.event_id = h.id
        where named.id = $1
        limit $2
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Event).Add(Limit);

    public static LineageEvent Read(NpgsqlDataReader row) => LineageRow.Read(row);
}

/// <summary>The first event of a card at or after an instant.</summary>
internal sealed record FirstEventSince(Guid Card, DateTimeOffset? Since) : IQuery<FirstEventSince, Guid>
{
    public static string Sql =>
        """
        select h.id
        from summoners_grid.ownership_history h
        -- ownership_history_card_position_key
        where h.card_instance_id = $1
          and ($2::timestamptz is null or h.created_at >= $2)
        order by h.position
        limit 1
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Card).AddNullable(Since?.ToUniversalTime());

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}

/// <summary>
/// Everything that came of some events: a card's next event follows from each of its events, and from each trade in which a tainted card
/// is given the events by which its giver is paid.
/// </summary>
/// <remarks>
/// One walk, event by event: "union" remembers what was reached, so an event is expanded once however many ways lead to it, and since
/// every step leads to a later operation the walk ends. What was taken back is passed through, because the card moved on from there, but
/// nothing is bought in it. The wide walk follows both sides of a trade: whatever would be disturbed if each such trade were undone.
/// Two things keep the planner, which takes each step for the last one, from paying the whole history or the whole life of a busy player
/// at every step: it does not see how many events there are at first, and cannot look for events by who took. Measured on a million events.
/// </remarks>
internal sealed record WalkLineage(Guid[] Events, bool IsWide, int Limit) : IQuery<WalkLineage, LineageEvent>
{
    public static string Sql =>
        $"""
        with recursive tainted as (
          select {LineageRow.Columns}
          from summoners_grid.ownership_history h
          join summoners_grid.ownership_operations o on o.id = h.operation_id
          left join summoners_grid.compensated_events v on v.event_id = h.id
          where h.id = any ((select $1::uuid[])::uuid[])
          union
          select {LineageRow.Columns}
          from tainted t
          -- ownership_history_card_position_key
          join summoners_grid.ownership_history n on n.card_instance_id = t.card_instance_id and n.position = t.position + 1
          join summoners_grid.ownership_operations o on o.id = n.operation_id
          cross join lateral (
            select n.*
            union all
            select paid.*
            from summoners_grid.ownership_history paid
            where o.kind = 'trade'
              -- idx_ownership_history_operation
              and paid.operation_id = n.operation_id
              and ($2 or paid.new_owner_id is not distinct from n.previous_owner_id)
              and not exists (select from summoners_grid.compensated_events c where c.event_id in (paid.id, n.id))
          ) h
          left join summoners_grid.compensated_events v on v.event_id = h.id
        )
        select * from tainted limit $3
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Events).Add(IsWide).Add(Limit);

    public static LineageEvent Read(NpgsqlDataReader row) => LineageRow.Read(row);
}

/// <summary>Cards as they are now.</summary>
internal sealed record CardsNow(Guid[] Cards) : IQuery<CardsNow, CardNow>
{
    public static string Sql =>
        """
        select id, template_id, owner_id, frozen_at is not null, signature
        from summoners_grid.card_instances
        where id = any ($1)
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Cards);

    public static CardNow Read(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetBoolean(3), CardSignature.TryParse(row.GetString(4), out _));
}

/// <summary>A card as it is now.</summary>
internal sealed record CardNow(Guid Id, string TemplateId, Guid OwnerId, bool IsFrozen, bool IsReadable);

internal static class LineageRow
{
    public const string Columns =
        "h.id, h.card_instance_id, h.position, h.operation_id, o.sequence, o.kind, h.transfer_method, h.previous_owner_id, h.new_owner_id, "
        + "h.created_at, v.compensation_id";

    public static LineageEvent Read(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetGuid(1),
            row.GetInt32(2),
            row.GetGuid(3),
            row.GetInt64(4),
            row.GetString(5),
            row.GetString(6),
            row.IsDBNull(7) ? null : row.GetGuid(7),
            row.GetGuid(8),
            row.GetFieldValue<DateTimeOffset>(9),
            row.IsDBNull(10) ? null : row.GetGuid(10)
        );
}
