using System.Runtime.CompilerServices;
using Gamekeeper.Integrity;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Ownership.Compensating;

/// <summary>An applied plan moved exactly its cards, in one operation, and no operation compensates without a plan.</summary>
public sealed class CompensationsMovedTheirCards(GameDatabase database) : IInvariant
{
    /// <inheritdoc />
    public string Name => "summoners_grid.compensations-moved-their-cards";

    /// <inheritdoc />
    public string Promise => "Every compensating operation belongs to an applied plan and moved exactly the cards of that plan, to whom it says.";

    /// <inheritdoc />
    public async IAsyncEnumerable<InvariantBreach> CheckAsync(int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var operation in database.StreamAsync(new FindUnplanned(limit), cancellationToken))
            yield return new("summoners_grid.ownership_operations", operation.ToString(), "it compensates, and no applied plan says so");
        await foreach (var compensation in database.StreamAsync(new FindDeviating(limit), cancellationToken))
            yield return new("summoners_grid.compensations", compensation.ToString(), "what moved is not what was planned");
    }

    private sealed record FindUnplanned(int Limit) : IQuery<FindUnplanned, Guid>
    {
        public static string Sql =>
            """
            select o.id
            from summoners_grid.ownership_operations o
            where o.kind = 'compensate'
              and not exists (select from summoners_grid.compensations c where c.operation_id = o.id and c.state = 'applied')
            order by o.id
            limit $1
            """;

        public void Bind(StatementParameters parameters) => parameters.Add(Limit);

        public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
    }

    private sealed record FindDeviating(int Limit) : IQuery<FindDeviating, Guid>
    {
        public static string Sql =>
            """
            select c.id
            from summoners_grid.compensations c
            where c.state = 'applied'
              and exists (
                (select (m ->> 'cardId')::uuid, (m ->> 'owner')::uuid, (m ->> 'to')::uuid
                from jsonb_array_elements(c.plan -> 'cards') m
                where m ->> 'to' is not null and m ->> 'to' <> m ->> 'owner'
                except
                select h.card_instance_id, h.previous_owner_id, h.new_owner_id
                from summoners_grid.ownership_history h
                where h.operation_id = c.operation_id)
                union all
                (select h.card_instance_id, h.previous_owner_id, h.new_owner_id
                from summoners_grid.ownership_history h
                where h.operation_id = c.operation_id
                except
                select (m ->> 'cardId')::uuid, (m ->> 'owner')::uuid, (m ->> 'to')::uuid
                from jsonb_array_elements(c.plan -> 'cards') m
                where m ->> 'to' is not null and m ->> 'to' <> m ->> 'owner'))
            order by c.id
            limit $1
            """;

        public void Bind(StatementParameters parameters) => parameters.Add(Limit);

        public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
    }
}
