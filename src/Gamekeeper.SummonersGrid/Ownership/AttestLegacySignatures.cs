using Gamekeeper.Migrations;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>
/// Gives cards that carry a signature of an older format a first event of the current one: we attest what we found, the old signature
/// included. A card that already has a history and still no readable signature is damaged, not old: it is left as it is, for
/// <c>verify</c> to report. Nothing is ever signed again.
/// </summary>
public sealed class AttestLegacySignatures(GameDatabase database, OwnershipLedger ledger, TimeProvider clock) : IDataMigration
{
    private const int Bite = 500;

    /// <inheritdoc />
    public string Name => "20261120100101_attest_legacy_signatures";

    /// <inheritdoc />
    public string Description => "Attests cards whose signature is of an older format by an appended, signed event.";

    /// <inheritdoc />
    public Task<DataMigrationStep> StepAsync(string? progress, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Actor.System(clock),
            async (unit, ct) =>
            {
                // What was attested no longer matches, so running a bite again finds nothing to do.
                unit.MarkRepeatable();
                var moment = unit.Enqueue(new NextMoment());
                var cards = await unit.ListAsync(new NextLegacyCards(progress is null ? Guid.Empty : Guid.Parse(progress), Bite), ct);
                if (cards.Count == 0)
                    return new DataMigrationStep(progress, 0, Done: true);
                // A card whose own numbers cannot be signed stays as it is, and verify names it.
                var signable = cards.Where(c => c.IsSignable).ToList();
                if (signable.Count > 0)
                    await ledger.AttestAsync(unit, moment.Rows[0], signable, ct);
                return new DataMigrationStep(cards[^1].Id.ToString(), signable.Count, Done: cards.Count < Bite);
            },
            cancellationToken
        );

    private sealed record NextLegacyCards(Guid After, int Limit) : IQuery<NextLegacyCards, LegacyCard>
    {
        public static string Sql =>
            """
            select c.id, c.template_id, c.owner_id, c.unique_stats::text, c.signature, c.signature_chain, c.last_transferred
            from summoners_grid.card_instances c
            where c.id > $1
              and c.signature !~ '^[0-9a-f]+:[0-9a-f]{64}$'
              and not exists (select from summoners_grid.ownership_history h where h.card_instance_id = c.id)
            order by c.id
            limit $2
            for update of c
            """;

        public void Bind(StatementParameters parameters) => parameters.Add(After).Add(Limit);

        public static LegacyCard Read(NpgsqlDataReader row) =>
            new(
                row.GetGuid(0),
                row.GetString(1),
                row.GetGuid(2),
                row.IsDBNull(3) ? null : row.GetString(3),
                row.GetString(4),
                row.GetFieldValue<string?[]>(5),
                row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6)
            );
    }
}
