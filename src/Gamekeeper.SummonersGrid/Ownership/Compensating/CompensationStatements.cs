using Gamekeeper.SummonersGrid.Ownership.Lineage;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Ownership.Compensating;

/// <summary>The events of cards after a position of each.</summary>
internal sealed record EventsAfter(Guid[] Cards, int[] Positions, int Limit) : IQuery<EventsAfter, LineageEvent>
{
    public static string Sql =>
        $"""
        select {LineageRow.Columns}
        from unnest($1::uuid[], $2::int[]) as given (card, position)
        -- ownership_history_card_position_key
        join summoners_grid.ownership_history h on h.card_instance_id = given.card and h.position > given.position
        join summoners_grid.ownership_operations o on o.id = h.operation_id
        left join summoners_grid.compensated_events v on v.event_id = h.id
        limit $3
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Cards).Add(Positions).Add(Limit);

    public static LineageEvent Read(NpgsqlDataReader row) => LineageRow.Read(row);
}

/// <summary>Those of some players whose accounts are open.</summary>
internal sealed record OpenPlayers(Guid[] Players) : IQuery<OpenPlayers, Guid>
{
    public static string Sql => "select id from summoners_grid.users where id = any ($1) and is_active";

    public void Bind(StatementParameters parameters) => parameters.Add(Players);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}

/// <summary>Those of some ids that are no player's.</summary>
internal sealed record NoPlayers(Guid[] Ids) : IQuery<NoPlayers, Guid>
{
    public static string Sql =>
        """
        select asked.id
        from unnest($1::uuid[]) as asked (id)
        where not exists (select from summoners_grid.users u where u.id = asked.id)
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Ids);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}

/// <summary>A new plan, unless the same one is there.</summary>
internal sealed record InsertPlan(Guid Id, string Plan, byte[] Hash, Actor Actor) : IStatement<InsertPlan>
{
    public static string Sql =>
        """
        insert into summoners_grid.compensations (id, plan, plan_hash, planned_by, planned_by_kind)
        values ($1, $2, $3, $4, $5)
        on conflict (plan_hash) do nothing
        """;

    public void Bind(StatementParameters parameters) =>
        parameters.Add(Id).AddJson(Plan).Add(Hash).AddNullable(Actor.Id).Add(Actor.Kind.ToString().ToLowerInvariant());
}

/// <summary>A plan by what it says.</summary>
internal sealed record FindPlanByHash(byte[] Hash) : IQuery<FindPlanByHash, Compensation>
{
    // compensations_plan_hash_key
    public static string Sql => $"select {CompensationRow.Columns} from summoners_grid.compensations where plan_hash = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Hash);

    public static Compensation Read(NpgsqlDataReader row) => CompensationRow.Read(row);
}

/// <summary>A plan by its id.</summary>
internal sealed record FindPlan(Guid Id) : IQuery<FindPlan, Compensation>
{
    public static string Sql => $"select {CompensationRow.Columns} from summoners_grid.compensations where id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Id);

    public static Compensation Read(NpgsqlDataReader row) => CompensationRow.Read(row);
}

/// <summary>A plan as it stands once nobody else is applying it; last in the order of locks.</summary>
internal sealed record LockPlan(Guid Id) : IQuery<LockPlan, Compensation>
{
    public static string Sql => $"select {CompensationRow.Columns} from summoners_grid.compensations where id = $1 for update";

    public void Bind(StatementParameters parameters) => parameters.Add(Id);

    public static Compensation Read(NpgsqlDataReader row) => CompensationRow.Read(row);
}

/// <summary>Those of some events that another compensation has dealt with.</summary>
internal sealed record CardsOfCompensated(Guid[] Events) : IQuery<CardsOfCompensated, Guid>
{
    public static string Sql =>
        """
        select h.card_instance_id
        from summoners_grid.compensated_events c
        join summoners_grid.ownership_history h on h.id = c.event_id
        where c.event_id = any ($1)
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Events);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}

/// <summary>What was taken back no longer counts, nor do the events that took it back.</summary>
internal sealed record InsertCompensated(Guid Compensation, Guid[] Undone, Guid? Operation) : IStatement<InsertCompensated>
{
    public static string Sql =>
        """
        insert into summoners_grid.compensated_events (event_id, compensation_id)
        select id, $1::uuid
        from unnest($2::uuid[]) as undone (id)
        union all
        select h.id, $1::uuid
        from summoners_grid.ownership_history h
        -- idx_ownership_history_operation
        where h.operation_id = $3
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Compensation).Add(Undone).AddNullable(Operation);
}

/// <summary>A locked plan is applied.</summary>
internal sealed record CompleteCompensation(Guid Id, Actor Actor, string Reason, Guid? Operation) : IQuery<CompleteCompensation, bool>
{
    public static string Sql =>
        """
        with applied as (
          update summoners_grid.compensations
          set state = 'applied', applied_by = $2, applied_by_kind = $3, applied_at = now(), reason = $4, operation_id = $5
          where id = $1 and state = 'planned'
          returning id
        )
        select core.expect(count(*), 1, 'compensations that are applied') from applied
        """;

    public void Bind(StatementParameters parameters) =>
        parameters.Add(Id).AddNullable(Actor.Id).Add(Actor.Kind.ToString().ToLowerInvariant()).Add(Reason).AddNullable(Operation);

    public static bool Read(NpgsqlDataReader row) => row.GetBoolean(0);
}

internal static class CompensationRow
{
    public const string Columns = "id, plan::text, plan_hash, planned_at, planned_by, applied_at, applied_by, reason, operation_id";

    /// <exception cref="GamekeeperException"><c>compensations.altered</c>: the stored plan is not the one that was shown.</exception>
    public static Compensation Read(NpgsqlDataReader row)
    {
        var (plan, hash) = PlanDocument.Read(row.GetString(1));
        if (!hash.AsSpan().SequenceEqual(row.GetFieldValue<byte[]>(2)))
            throw new GamekeeperException("compensations.altered", $"Plan {row.GetGuid(0)} was altered after it had been made; make it anew.");
        return new(
            row.GetGuid(0),
            plan,
            Convert.ToHexStringLower(hash),
            row.GetFieldValue<DateTimeOffset>(3),
            row.IsDBNull(4) ? null : row.GetGuid(4),
            row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5),
            row.IsDBNull(6) ? null : row.GetGuid(6),
            row.IsDBNull(7) ? null : row.GetString(7),
            row.IsDBNull(8) ? null : row.GetGuid(8)
        );
    }
}
