using Gamekeeper.Transactions;

namespace Gamekeeper.Importing;

/// <summary>What to import, and how much may be wrong with it.</summary>
/// <param name="Name">The operator's label; the same label and file go on where they ended.</param>
/// <param name="MaxRefused">How many records may be refused before it stops. Default 10 000, 0 to 1 000 000.</param>
public sealed record ImportRequest(ImportName Name, int MaxRefused = ImportRequest.DefaultMaxRefused)
{
    /// <summary>How many records may be refused when nobody says.</summary>
    public const int DefaultMaxRefused = 10_000;
}

/// <summary>What came of an import.</summary>
public abstract record ImportOutcome
{
    private ImportOutcome() { }

    /// <summary>Every line is done.</summary>
    /// <param name="State">What was taken and refused, from the first start on.</param>
    /// <param name="WasFinished">It was finished before; nothing was changed.</param>
    public sealed record Finished(ImportState State, bool WasFinished) : ImportOutcome;

    /// <summary>It stopped before a chunk that would have refused more than it may; what came before that is done and stays.</summary>
    /// <param name="State">How far it got.</param>
    /// <param name="Refusals">Of the chunk that was not done.</param>
    public sealed record TooManyRefused(ImportState State, IReadOnlyList<ImportRefusal> Refusals) : ImportOutcome;

    /// <summary>A rehearsal: every line was looked at, or as many as may be refused; nothing was written.</summary>
    /// <param name="Lines">Lines that were looked at.</param>
    /// <param name="Good">Records that would be taken.</param>
    /// <param name="Refused">Records that would be refused.</param>
    /// <param name="Refusals">Why, by line.</param>
    /// <param name="IsWhole">False when it stopped at too many.</param>
    public sealed record Checked(long Lines, long Good, long Refused, IReadOnlyList<ImportRefusal> Refusals, bool IsWhole) : ImportOutcome;
}

/// <summary>
/// A verb that imports a file, such as of players, in chunks of one transaction each. It holds one chunk at a time, however long the file
/// is, and may be ended and started again at any moment. Thread-safe.
/// </summary>
public abstract class Importer
{
    /// <summary>Imports what is not done yet. Safe to repeat, to end and to start again at any moment.</summary>
    /// <param name="actor">A trusted party; the caller checks that.</param>
    /// <param name="file">The records.</param>
    /// <param name="request">Its name, and how much may be wrong.</param>
    /// <param name="progress">Told the lines that are done.</param>
    /// <param name="cancellationToken">Ends it between two transactions or in one, which then has no effect.</param>
    /// <exception cref="GamekeeperException">
    /// <c>imports.other-file</c>, <c>imports.file-changed</c>, <c>imports.file-unreadable</c>, <c>imports.out-of-step</c>.
    /// </exception>
    public Task<ImportOutcome> RunAsync(
        Actor actor,
        ImportFile file,
        ImportRequest request,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    ) => CourseFor(actor).RunAsync(file, request, progress, cancellationToken);

    /// <summary>
    /// Looks at every record and writes nothing. To find what a file holds twice it remembers a hash of every name, address and id: some
    /// fifty bytes each.
    /// </summary>
    public Task<ImportOutcome> CheckAsync(
        Actor actor,
        ImportFile file,
        ImportRequest request,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    ) => CourseFor(actor).CheckAsync(file, request, progress, cancellationToken);

    /// <summary>What an import refused so far, by line.</summary>
    public abstract IAsyncEnumerable<ImportRefusal> RefusalsAsync(ImportName name, CancellationToken cancellationToken = default);

    /// <summary>One run, which may hold what belongs to it alone.</summary>
    protected abstract ImportCourse CourseFor(Actor actor);
}
