using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Importing;
using Gamekeeper.Outbox;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Ownership.Import;

/// <summary>One run of an import of cards.</summary>
internal sealed class CardsTarget(
    Actor actor,
    GameDatabase database,
    ImportBook<SummonersGridModule> book,
    OwnershipLedger ledger,
    CardCatalogue catalogue,
    CardOwners owners,
    TimeProvider clock
) : IImportTarget<ImportedCard>
{
    public IReadOnlyCollection<string> Members => ImportedCard.Members;

    public int ChunkLines => 10_000;

    public ImportedCard Read(RecordReader record) => ImportedCard.Read(record, clock.GetUtcNow());

    public IEnumerable<(string Member, string Key)> Keys(ImportedCard record) => record.Id is { } id ? [("id", id.ToString())] : [];

    public Task<ImportState> BeginAsync(ImportName name, ImportFile file, CancellationToken cancellationToken) =>
        book.BeginAsync(actor, ImportCards.Kind, name, file, ChunkLines, cancellationToken);

    public async Task<IReadOnlyList<ImportRefusal>> CheckAsync(IReadOnlyList<Numbered<ImportedCard>> records, CancellationToken cancellationToken)
    {
        var refusals = await UnknownTemplatesAsync(records, cancellationToken);
        refusals.AddRange((await owners.FindAsync(records, join: false, cancellationToken)).Refusals);
        refusals.AddRange(Taken(records, await database.ListAsync(Ids(records), cancellationToken)));
        return refusals;
    }

    public async Task<ImportStep> WriteAsync(
        ImportState state,
        ImportChunk chunk,
        IReadOnlyList<Numbered<ImportedCard>> records,
        CancellationToken cancellationToken
    )
    {
        var refusals = await UnknownTemplatesAsync(records, cancellationToken);
        var found = await owners.FindAsync(records, join: true, cancellationToken);
        refusals.AddRange(found.Refusals);
        var bad = refusals.Select(r => r.Line).ToHashSet();
        var good = records.Where(r => !bad.Contains(r.Line)).ToList();
        await ledger.ReadyAsync(cancellationToken);
        return await book.WriteAsync(
            actor,
            state,
            chunk with { Refusals = [.. chunk.Refusals, .. refusals] },
            (unit, ct) => WorkAsync(unit, state, good, found, ct),
            cancellationToken
        );
    }

    public Task<ImportState> FinishAsync(ImportState state, CancellationToken cancellationToken) => book.FinishAsync(actor, state, cancellationToken);

    private async Task<ImportResult> WorkAsync(
        UnitOfWork unit,
        ImportState state,
        IReadOnlyList<Numbered<ImportedCard>> records,
        OwnersFound found,
        CancellationToken cancellationToken
    )
    {
        var moment = unit.Enqueue(new NextMoment());
        var taken = Taken(records, await unit.ListAsync(Ids(records), cancellationToken));
        var (good, refusals) = ImportDuplicates.Sift(records, taken, Keys);
        if (good.Count == 0)
            return new ImportResult(0, refusals);
        var cards = good.Select(r => Card(state, r, found.Owners[r.Line])).ToList();
        var operation = await ledger.ImportAsync(unit, moment.Rows[0], cards, cancellationToken);
        var summary = JsonSerializer.Serialize(new { import = state.Name, cards = cards.Count });
        unit.Enqueue(new WriteOutbox<SummonersGridModule>([new OutboxEvent("cards.imported", operation.Id.ToString(), 1, summary)]));
        unit.Enqueue(new WriteActivity<SummonersGridModule>(unit.Actor, new Activity("card.import", operation.Id.ToString(), Details: summary)));
        return new ImportResult(cards.Count, refusals);
    }

    private async Task<List<ImportRefusal>> UnknownTemplatesAsync(IReadOnlyList<Numbered<ImportedCard>> records, CancellationToken cancellationToken)
    {
        var templates = await catalogue.CurrentAsync(cancellationToken);
        return
        [
            .. records
                .Where(r => !templates.ContainsKey(r.Record.TemplateId))
                .Select(r => new ImportRefusal(r.Line, "template_id", "is that of no card template; import the templates first")),
        ];
    }

    private static IEnumerable<ImportRefusal> Taken(IReadOnlyList<Numbered<ImportedCard>> records, IReadOnlyList<Guid> there)
    {
        var ids = there.ToHashSet();
        return records
            .Where(r => r.Record.Id is { } id && ids.Contains(id))
            .Select(r => new ImportRefusal(r.Line, "id", "is that of a card that is there already; it is left as it is"));
    }

    private static FindCards Ids(IEnumerable<Numbered<ImportedCard>> records) => new([.. records.Where(r => r.Record.Id is not null).Select(r => r.Record.Id!.Value)]);

    private static CardFromElsewhere Card(ImportState state, Numbered<ImportedCard> numbered, Guid owner)
    {
        var (line, card) = numbered;
        var data = card.Data(state.Name, line);
        return new(new NewCard(card.Id ?? state.IdOf(line), card.TemplateId, owner, card.AcquiredMethod, data, card.UniqueStats), card.CreatedAt);
    }
}
