using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Importing;
using Gamekeeper.Outbox;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Ownership.Import;

/// <summary>
/// Imports owned cards from a file, a JSON object a line; docs/reference/import-format.md says which members it takes. Each chunk is one
/// signed operation of kind <c>import</c>: every card's history begins with an event that keeps what the other system said of it. The
/// owners are imported first.
/// </summary>
public sealed class ImportCards(
    GameDatabase database,
    ImportBook<SummonersGridModule> book,
    OwnershipLedger ledger,
    CardCatalogue catalogue,
    CardOwners owners,
    TimeProvider clock
)
{
    /// <summary>What its imports are called in the books.</summary>
    public const string Kind = "summoners_grid.cards";

    internal const int ChunkLines = 10_000;

    /// <summary>Imports what is not done yet. Safe to repeat, to end and to start again at any moment.</summary>
    /// <param name="actor">A trusted party; the caller checks that.</param>
    /// <param name="file">The records.</param>
    /// <param name="request">Its name, and how much may be wrong.</param>
    /// <param name="progress">Told the lines that are done.</param>
    /// <param name="cancellationToken">Ends it between two transactions or in one, which then has no effect.</param>
    /// <exception cref="GamekeeperException">As <see cref="Importer"/> says.</exception>
    public Task<ImportOutcome> RunAsync(
        Actor actor,
        ImportFile file,
        ImportRequest request,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    ) => Importer.RunAsync(new Target(this, actor), file, request, progress, cancellationToken);

    /// <summary>Looks at every record and writes nothing.</summary>
    public Task<ImportOutcome> CheckAsync(
        Actor actor,
        ImportFile file,
        ImportRequest request,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    ) => Importer.CheckAsync(new Target(this, actor), file, request, ChunkLines, progress, cancellationToken);

    /// <summary>What an import refused so far, by line.</summary>
    public IAsyncEnumerable<ImportRefusal> RefusalsAsync(ImportName name, CancellationToken cancellationToken = default) =>
        book.RefusalsAsync(Kind, name, cancellationToken);

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

    private async Task<ImportResult> WorkAsync(
        UnitOfWork unit,
        ImportState state,
        IReadOnlyList<Numbered<ImportedCard>> records,
        OwnersFound found,
        CancellationToken cancellationToken
    )
    {
        var moment = unit.Enqueue(new NextMoment());
        var refusals = Taken(records, await unit.ListAsync(Ids(records), cancellationToken)).ToList();
        var clashing = refusals.Select(r => r.Line).ToHashSet();
        refusals.AddRange(ImportDuplicates.Find(records.Where(r => !clashing.Contains(r.Line)), Keys));
        clashing.UnionWith(refusals.Select(r => r.Line));
        var cards = records.Where(r => !clashing.Contains(r.Line)).Select(r => Card(state, r, found.Owners[r.Line])).ToList();
        if (cards.Count == 0)
            return new ImportResult(0, refusals);
        var operation = await ledger.ImportAsync(unit, moment.Rows[0], cards, cancellationToken);
        var summary = JsonSerializer.Serialize(new { import = state.Name, cards = cards.Count });
        unit.Enqueue(new WriteOutbox<SummonersGridModule>([new OutboxEvent("cards.imported", operation.Id.ToString(), 1, summary)]));
        unit.Enqueue(new WriteActivity<SummonersGridModule>(unit.Actor, new Activity("card.import", operation.Id.ToString(), Details: summary)));
        return new ImportResult(cards.Count, refusals);
    }

    private static CardFromElsewhere Card(ImportState state, Numbered<ImportedCard> numbered, Guid owner)
    {
        var (line, card) = numbered;
        var data = card.Data(state.Name, line);
        return new(new NewCard(card.Id ?? state.IdOf(line), card.TemplateId, owner, card.AcquiredMethod, data, card.UniqueStats), card.CreatedAt);
    }

    private static IEnumerable<(string Member, string Key)> Keys(ImportedCard card) => card.Id is { } id ? [("id", id.ToString())] : [];

    private sealed class Target(ImportCards verb, Actor actor) : IImportTarget<ImportedCard>
    {
        public IReadOnlyCollection<string> Members => ImportedCard.Members;

        public ImportedCard Read(RecordReader record) => ImportedCard.Read(record, verb.Now);

        public IEnumerable<(string Member, string Key)> Keys(ImportedCard record) => ImportCards.Keys(record);

        public Task<ImportState> BeginAsync(ImportName name, ImportFile file, CancellationToken cancellationToken) =>
            verb.Book.BeginAsync(actor, Kind, name, file, ChunkLines, cancellationToken);

        public async Task<IReadOnlyList<ImportRefusal>> CheckAsync(IReadOnlyList<Numbered<ImportedCard>> records, CancellationToken cancellationToken)
        {
            var refusals = await verb.UnknownTemplatesAsync(records, cancellationToken);
            refusals.AddRange((await verb.Owners.FindAsync(records, join: false, cancellationToken)).Refusals);
            refusals.AddRange(Taken(records, await verb.Database.ListAsync(Ids(records), cancellationToken)));
            return refusals;
        }

        public async Task<ImportStep> WriteAsync(
            ImportState state,
            ImportChunk chunk,
            IReadOnlyList<Numbered<ImportedCard>> records,
            CancellationToken cancellationToken
        )
        {
            var refusals = await verb.UnknownTemplatesAsync(records, cancellationToken);
            var found = await verb.Owners.FindAsync(records, join: true, cancellationToken);
            refusals.AddRange(found.Refusals);
            var bad = refusals.Select(r => r.Line).ToHashSet();
            var good = records.Where(r => !bad.Contains(r.Line)).ToList();
            await verb.Ledger.ReadyAsync(cancellationToken);
            return await verb.Book.WriteAsync(
                actor,
                state,
                chunk with { Refusals = [.. chunk.Refusals, .. refusals] },
                (unit, ct) => verb.WorkAsync(unit, state, good, found, ct),
                cancellationToken
            );
        }

        public Task<ImportState> FinishAsync(ImportState state, CancellationToken cancellationToken) =>
            verb.Book.FinishAsync(actor, state, cancellationToken);
    }

    private GameDatabase Database => database;

    private ImportBook<SummonersGridModule> Book => book;

    private OwnershipLedger Ledger => ledger;

    private CardOwners Owners => owners;

    private DateTimeOffset Now => clock.GetUtcNow();
}
