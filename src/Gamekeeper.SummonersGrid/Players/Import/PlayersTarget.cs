using Gamekeeper.Accounts;
using Gamekeeper.Accounts.Import;
using Gamekeeper.Importing;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Players.Import;

/// <summary>One run of an import of players; it holds how far the core's half is.</summary>
internal sealed class PlayersTarget(
    Actor actor,
    AccountImport accounts,
    AccountRepository accountRepository,
    ImportBook<SummonersGridModule> book,
    PlayerRepository players,
    TimeProvider clock
) : IImportTarget<ImportedPlayer>
{
    private ImportState _core = null!;

    public IReadOnlyCollection<string> Members => ImportedPlayer.Members;

    public int ChunkLines => 2000;

    public ImportedPlayer Read(RecordReader record) => ImportedPlayer.Read(record, clock.GetUtcNow());

    public IEnumerable<(string Member, string Key)> Keys(ImportedPlayer record) => AccountImport.Keys(record.Account);

    public async Task<ImportState> BeginAsync(ImportName name, ImportFile file, CancellationToken cancellationToken)
    {
        _core = await accounts.BeginAsync(actor, ImportPlayers.Kind, name, file, ChunkLines, cancellationToken);
        return await book.BeginAsync(actor, ImportPlayers.Kind, name, file, _core.ChunkLines, cancellationToken);
    }

    public Task<IReadOnlyList<ImportRefusal>> CheckAsync(IReadOnlyList<Numbered<ImportedPlayer>> records, CancellationToken cancellationToken) =>
        accounts.CheckAsync(SummonersGridModule.Schema, Accounts(records), actor, cancellationToken);

    public async Task<ImportStep> WriteAsync(
        ImportState state,
        ImportChunk chunk,
        IReadOnlyList<Numbered<ImportedPlayer>> records,
        CancellationToken cancellationToken
    )
    {
        var step = await accounts.WriteAsync(actor, SummonersGridModule.Schema, _core, chunk, Accounts(records), cancellationToken);
        if (step is not ImportStep.Done)
            return step;
        // Read back, since a run before this one may have decided.
        var refused = await accounts.RefusedLinesAsync(_core, chunk.After, chunk.Through, cancellationToken);
        var good = records.Where(r => !refused.Contains(r.Line)).ToDictionary(r => r.Record.Account.Id ?? _core.IdOf(r.Line), r => r.Record);
        var before = await PublicAsync(good.Keys, cancellationToken);
        var done = await book.WriteAsync(
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
        await accounts.FinishAsync(actor, _core, cancellationToken);
        return await book.FinishAsync(actor, state, cancellationToken);
    }

    // A freeze or a new name that came in between found no row to bring up to date. Now there is one.
    private async Task FollowAsync(IReadOnlyList<PublicAccount> before, CancellationToken cancellationToken)
    {
        var versions = before.ToDictionary(a => a.Id, a => a.Version);
        foreach (var now in await PublicAsync(versions.Keys, cancellationToken))
            if (now.Version != versions[now.Id])
                await players.WriteAsync(new ApplyAccount(now), cancellationToken);
    }

    private async Task<List<PublicAccount>> PublicAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var found = new List<PublicAccount>();
        foreach (var some in ids.Chunk(1000))
            found.AddRange(await accountRepository.PublicAsync(some, cancellationToken));
        return found;
    }

    private static IReadOnlyList<Numbered<ImportedAccount>> Accounts(IReadOnlyList<Numbered<ImportedPlayer>> records) =>
        [.. records.Select(r => new Numbered<ImportedAccount>(r.Line, r.Record.Account))];
}
