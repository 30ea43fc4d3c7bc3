using Gamekeeper.Accounts;
using Gamekeeper.Accounts.Import;
using Gamekeeper.Importing;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Players.Import;

/// <summary>
/// Imports players from a file, a JSON object a line; docs/reference/import-format.md says which members it takes. Every chunk is two
/// transactions, as every sign-up is: accounts in the core's schema, then players in the game's. Each writes down in its own schema how
/// far it got, so whatever ends it in between, the next start does the missing half alone.
/// </summary>
public sealed class ImportPlayers(
    AccountImport accounts,
    AccountRepository accountRepository,
    ImportBook<SummonersGridModule> book,
    PlayerRepository players,
    TimeProvider clock
) : Importer
{
    /// <summary>What its imports are called in the books.</summary>
    public const string Kind = "summoners_grid.players";

    /// <inheritdoc />
    public override IAsyncEnumerable<ImportRefusal> RefusalsAsync(ImportName name, CancellationToken cancellationToken = default) =>
        accounts.RefusalsAsync(Kind, name, cancellationToken);

    /// <inheritdoc />
    protected override ImportCourse CourseFor(Actor actor) =>
        new ImportCourse<ImportedPlayer>(new PlayersTarget(actor, accounts, accountRepository, book, players, clock));
}
