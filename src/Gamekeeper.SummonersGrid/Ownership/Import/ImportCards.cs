using Gamekeeper.Importing;
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
) : Importer
{
    /// <summary>What its imports are called in the books.</summary>
    public const string Kind = "summoners_grid.cards";

    /// <inheritdoc />
    public override IAsyncEnumerable<ImportRefusal> RefusalsAsync(ImportName name, CancellationToken cancellationToken = default) =>
        book.RefusalsAsync(Kind, name, cancellationToken);

    /// <inheritdoc />
    protected override ImportCourse CourseFor(Actor actor) =>
        new ImportCourse<ImportedCard>(new CardsTarget(actor, database, book, ledger, catalogue, owners, clock));
}
