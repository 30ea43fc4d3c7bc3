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
)
{
    /// <summary>What its imports are called in the books.</summary>
    public const string Kind = "summoners_grid.players";

    internal const int ChunkLines = 2000;

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
        accounts.RefusalsAsync(Kind, name, cancellationToken);

    private async Task<List<PublicAccount>> PublicAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var found = new List<PublicAccount>();
        foreach (var some in ids.Chunk(1000))
            found.AddRange(await accountRepository.PublicAsync(some, cancellationToken));
        return found;
    }

    /// <summary>One run; it holds how far the core's half is.</summary>
    private sealed class Target(ImportPlayers verb, Actor actor) : IImportTarget<ImportedPlayer>
    {
        private ImportState _core = null!;

        public IReadOnlyCollection<string> Members => ImportedPlayer.Members;

        public ImportedPlayer Read(RecordReader record) => ImportedPlayer.Read(record, verb.Now);

        public IEnumerable<(string Member, string Key)> Keys(ImportedPlayer record) => AccountImport.Keys(record.Account);

        public async Task<ImportState> BeginAsync(ImportName name, ImportFile file, CancellationToken cancellationToken)
        {
            _core = await verb.Accounts.BeginAsync(actor, Kind, name, file, ChunkLines, cancellationToken);
            return await verb.Book.BeginAsync(actor, Kind, name, file, _core.ChunkLines, cancellationToken);
        }

        public Task<IReadOnlyList<ImportRefusal>> CheckAsync(IReadOnlyList<Numbered<ImportedPlayer>> records, CancellationToken cancellationToken) =>
            verb.Accounts.CheckAsync(SummonersGridModule.Schema, Accounts(records), actor, cancellationToken);

        public async Task<ImportStep> WriteAsync(
            ImportState state,
            ImportChunk chunk,
            IReadOnlyList<Numbered<ImportedPlayer>> records,
            CancellationToken cancellationToken
        )
        {
            var step = await verb.Accounts.WriteAsync(actor, SummonersGridModule.Schema, _core, chunk, Accounts(records), cancellationToken);
            if (step is not ImportStep.Done)
                return step;
            // Read back, since a run before this one may have decided.
            var refused = await verb.Accounts.RefusedLinesAsync(_core, chunk.After, chunk.Through, cancellationToken);
            var good = records.Where(r => !refused.Contains(r.Line)).ToDictionary(r => r.Record.Account.Id ?? _core.IdOf(r.Line), r => r.Record);
            var before = await verb.PublicAsync(good.Keys, cancellationToken);
            var done = await verb.Book.WriteAsync(
                actor,
                state,
                chunk with { Refusals = [], MaxRefused = long.MaxValue },
                (unit, _) =>
                {
                    if (before.Count > 0)
                        unit.Enqueue(new InsertImportedPlayers([.. before.Select(a => (a, good[a.Id]))]));
                    return Task.FromResult(new ImportResult(before.Count, [], refused.Count));
                },
                cancellationToken
            );
            await FollowAsync(before, cancellationToken);
            return done;
        }

        public async Task<ImportState> FinishAsync(ImportState state, CancellationToken cancellationToken)
        {
            await verb.Accounts.FinishAsync(actor, _core, cancellationToken);
            return await verb.Book.FinishAsync(actor, state, cancellationToken);
        }

        // A freeze or a new name that came in between found no row to bring up to date. Now there is one.
        private async Task FollowAsync(IReadOnlyList<PublicAccount> before, CancellationToken cancellationToken)
        {
            var versions = before.ToDictionary(a => a.Id, a => a.Version);
            foreach (var now in await verb.PublicAsync(versions.Keys, cancellationToken))
                if (now.Version != versions[now.Id])
                    await verb.Players.WriteAsync(new ApplyAccount(now), cancellationToken);
        }

        private static IReadOnlyList<Numbered<ImportedAccount>> Accounts(IReadOnlyList<Numbered<ImportedPlayer>> records) =>
            [.. records.Select(r => new Numbered<ImportedAccount>(r.Line, r.Record.Account))];
    }

    private AccountImport Accounts => accounts;

    private ImportBook<SummonersGridModule> Book => book;

    private PlayerRepository Players => players;

    private DateTimeOffset Now => clock.GetUtcNow();
}
