using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Importing;

/// <summary>
/// The imports of one schema: how far each got and what it refused, written in the same transaction as what it did. So an import that
/// ends anywhere goes on behind the last chunk that was committed, and none is done twice. Thread-safe.
/// </summary>
public sealed class ImportBook<TSchema>(GameDatabase database)
    where TSchema : ISchemaOwner
{
    private const int MaxTries = 5;

    /// <summary>The import under this kind and name, which is begun when there is none. Safe to repeat.</summary>
    /// <exception cref="GamekeeperException"><c>imports.other-file</c>: it was begun with another file.</exception>
    public Task<ImportState> BeginAsync(Actor actor, string kind, ImportName name, ImportFile file, int chunkLines, CancellationToken cancellationToken) =>
        database.WriteAsync(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                unit.Enqueue(new BeginImport<TSchema>(kind, name.Value, file.Hash, chunkLines));
                var state = (await unit.FirstAsync(new LockImport<TSchema>(kind, name.Value), ct))!;
                return state.FileHash.AsSpan().SequenceEqual(file.Hash)
                    ? state
                    : throw new GamekeeperException(
                        "imports.other-file",
                        $"Import {name} of {kind} was begun on {state.StartedAt:u} with another file, or the file was changed since. "
                            + "Put what is new or corrected into a file of its own and give it another name."
                    );
            },
            cancellationToken
        );

    /// <summary>
    /// Does one chunk and writes down that it is done, in one transaction; nothing when it is done already. A row that someone else made
    /// in the same moment ends the attempt, and the next one finds it.
    /// </summary>
    /// <param name="actor">Who imports.</param>
    /// <param name="state">The import.</param>
    /// <param name="chunk">Which lines, what was refused in them so far, and how much may be.</param>
    /// <param name="work">What is done; answers how many records it took and which it refused.</param>
    /// <param name="cancellationToken">Ends the attempt before its commit.</param>
    public async Task<ImportStep> WriteAsync(
        Actor actor,
        ImportState state,
        ImportChunk chunk,
        Func<UnitOfWork, CancellationToken, Task<ImportResult>> work,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await database.WriteAsync(actor, (unit, ct) => WriteAsync(unit, state, chunk, work, ct), cancellationToken);
            }
            catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UniqueViolation && attempt < MaxTries)
            {
                // Looked at anew, it is a record that is there already.
            }
        }
    }

    /// <summary>Marks the import as finished. Safe to repeat.</summary>
    public Task<ImportState> FinishAsync(Actor actor, ImportState state, CancellationToken cancellationToken) =>
        database.WriteAsync(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                return (await unit.FirstAsync(new FinishImport<TSchema>(state.Kind, state.Name), ct))!;
            },
            cancellationToken
        );

    /// <summary>All imports of the schema, in the order in which they were begun.</summary>
    public Task<IReadOnlyList<ImportState>> ListAsync(CancellationToken cancellationToken = default) =>
        database.ListAsync(new ListImports<TSchema>(), cancellationToken);

    /// <summary>What an import refused, by line.</summary>
    public IAsyncEnumerable<ImportRefusal> RefusalsAsync(string kind, ImportName name, CancellationToken cancellationToken = default) =>
        database.StreamAsync(new ReadRefusals<TSchema>(kind, name.Value, 0, long.MaxValue), cancellationToken);

    /// <summary>Which lines of a range were refused.</summary>
    public async Task<IReadOnlySet<long>> RefusedLinesAsync(ImportState state, long after, long through, CancellationToken cancellationToken) =>
        (await database.ListAsync(new ReadRefusals<TSchema>(state.Kind, state.Name, after, through), cancellationToken)).Select(r => r.Line).ToHashSet();

    private static async Task<ImportStep> WriteAsync(
        UnitOfWork unit,
        ImportState state,
        ImportChunk chunk,
        Func<UnitOfWork, CancellationToken, Task<ImportResult>> work,
        CancellationToken cancellationToken
    )
    {
        // The line that is reached is compared under the row's lock, so a commit whose answer was lost is not done again.
        unit.MarkRepeatable();
        var now = (await unit.FirstAsync(new LockImport<TSchema>(state.Kind, state.Name), cancellationToken))!;
        if (now.Lines >= chunk.Through)
            return unit.Refuse<ImportStep>(new ImportStep.Done(now));
        if (now.Lines != chunk.After)
            throw new GamekeeperException(
                "imports.out-of-step",
                $"Import {state.Name} of {state.Kind} stands at line {now.Lines} and not at {chunk.After}: another process runs it. Start it again when that one has ended."
            );
        var result = await work(unit, cancellationToken);
        IReadOnlyList<ImportRefusal> refusals = [.. chunk.Refusals, .. result.Refusals];
        var refused = refusals.Select(r => r.Line).Distinct().Count() + result.RefusedBefore;
        if (now.Refused + refused > chunk.MaxRefused)
            return unit.Refuse<ImportStep>(new ImportStep.TooManyRefused(now, [.. refusals]));
        if (refusals.Count > 0)
            unit.Enqueue(new InsertRefusals<TSchema>(state.Kind, state.Name, refusals));
        var advanced = await unit.FirstAsync(new AdvanceImport<TSchema>(state.Kind, state.Name, chunk.Through, result.Taken, refused), cancellationToken);
        return new ImportStep.Done(advanced!);
    }
}

/// <summary>Lines that are done in one transaction.</summary>
/// <param name="After">The line before them.</param>
/// <param name="Through">The last of them.</param>
/// <param name="Refusals">What is known to be wrong with them.</param>
/// <param name="MaxRefused">How many records the whole import may refuse.</param>
public sealed record ImportChunk(long After, long Through, IReadOnlyList<ImportRefusal> Refusals, long MaxRefused);

/// <summary>What became of the records of a chunk.</summary>
/// <param name="Taken">Imported.</param>
/// <param name="Refusals">Refused in the doing.</param>
/// <param name="RefusedBefore">Refused by an earlier stage, which wrote down why.</param>
public sealed record ImportResult(int Taken, IReadOnlyList<ImportRefusal> Refusals, int RefusedBefore = 0);

/// <summary>What became of a chunk.</summary>
public abstract record ImportStep
{
    private ImportStep() { }

    /// <summary>It is done, now or before.</summary>
    public sealed record Done(ImportState State) : ImportStep;

    /// <summary>It would refuse more than it may; nothing of it was done.</summary>
    public sealed record TooManyRefused(ImportState State, IReadOnlyList<ImportRefusal> Refusals) : ImportStep;
}
