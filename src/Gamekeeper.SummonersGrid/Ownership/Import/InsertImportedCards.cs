using Gamekeeper.Transactions;
using NpgsqlTypes;

namespace Gamekeeper.SummonersGrid.Ownership.Import;

/// <summary>One card that was there before us.</summary>
/// <param name="Card">Its <see cref="NewCard.Method"/> is how it came into the world there, its data says so in the first event.</param>
/// <param name="CreatedAt">When; null for now.</param>
internal sealed record CardFromElsewhere(NewCard Card, DateTimeOffset? CreatedAt);

/// <summary>Cards from elsewhere, from arrays.</summary>
internal sealed record InsertImportedCards(IReadOnlyList<CardFromElsewhere> Cards, IReadOnlyList<OwnershipEvent> Events, DateTimeOffset Now)
    : IStatement<InsertImportedCards>
{
    public static string Sql =>
        """
        insert into summoners_grid.card_instances
          (id, template_id, owner_id, unique_stats, signature, acquired_method, acquisition_data, created_at)
        select id, template_id, owner_id, unique_stats, signature, method, data, coalesce(created_at, $9)
        from unnest($1::uuid[], $2::text[], $3::uuid[], $4::jsonb[], $5::text[], $6::text[], $7::jsonb[], $8::timestamptz[])
          as c (id, template_id, owner_id, unique_stats, signature, method, data, created_at)
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Cards.Select(c => c.Card.Id).ToArray())
            .Add(Cards.Select(c => c.Card.TemplateId).ToArray())
            .Add(Cards.Select(c => c.Card.OwnerId).ToArray())
            .Add(Cards.Select(c => c.Card.UniqueStats).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Jsonb)
            .Add(Events.Select(e => e.Signature.ToString()).ToArray())
            .Add(Cards.Select(c => c.Card.Method).ToArray())
            .Add(Cards.Select(c => c.Card.Data).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Jsonb)
            .Add(Cards.Select(c => c.CreatedAt).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz)
            .Add(Now);
}
