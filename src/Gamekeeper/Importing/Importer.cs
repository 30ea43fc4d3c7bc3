using System.Security.Cryptography;
using System.Text;

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
/// Imports a file in chunks of one transaction each. It holds one chunk at a time, however long the file is, and may be ended and started
/// again at any moment. Thread-safe.
/// </summary>
public static class Importer
{
    // A chunk ends at its number of lines or at so many bytes, whichever comes first: at the same lines whenever the file is read.
    private const int MaxChunkBytes = 16 * 1024 * 1024;

    /// <summary>Imports what is not done yet. Safe to repeat.</summary>
    /// <exception cref="GamekeeperException">
    /// <c>imports.other-file</c>, <c>imports.file-changed</c>, <c>imports.file-unreadable</c>, <c>imports.out-of-step</c>.
    /// </exception>
    public static async Task<ImportOutcome> RunAsync<TRecord>(
        IImportTarget<TRecord> target,
        ImportFile file,
        ImportRequest request,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        var state = await target.BeginAsync(request.Name, file, cancellationToken);
        if (state.FinishedAt is not null)
            return new ImportOutcome.Finished(state, WasFinished: true);
        var last = state.Lines;
        await foreach (var chunk in ChunksAsync(target, file, state.Lines, state.ChunkLines, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var lines = new ImportChunk(last, chunk.Through, chunk.Refusals, request.MaxRefused);
            switch (await target.WriteAsync(state, lines, chunk.Records, cancellationToken))
            {
                case ImportStep.Done done:
                    (state, last) = (done.State, chunk.Through);
                    break;
                case ImportStep.TooManyRefused refused:
                    return new ImportOutcome.TooManyRefused(refused.State, refused.Refusals);
            }
            progress?.Report(state.Lines);
        }
        return new ImportOutcome.Finished(await target.FinishAsync(state, cancellationToken), WasFinished: false);
    }

    /// <summary>
    /// Looks at every record and writes nothing. To find what a file holds twice it remembers a hash of every name, address and id: some
    /// fifty bytes each.
    /// </summary>
    public static async Task<ImportOutcome> CheckAsync<TRecord>(
        IImportTarget<TRecord> target,
        ImportFile file,
        ImportRequest request,
        int chunkLines,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        var seen = new HashSet<UInt128>();
        var refusals = new List<ImportRefusal>();
        var (lines, good, refused) = (0L, 0L, 0L);
        await foreach (var chunk in ChunksAsync(target, file, 0, chunkLines, cancellationToken))
        {
            var found = new List<ImportRefusal>(chunk.Refusals);
            found.AddRange(await target.CheckAsync(chunk.Records, cancellationToken));
            var bad = found.Select(r => r.Line).ToHashSet();
            found.AddRange(ImportDuplicates.Find(chunk.Records.Where(r => !bad.Contains(r.Line)), target.Keys, (m, k) => seen.Add(Digest(m, k))));
            bad.UnionWith(found.Select(r => r.Line));
            (lines, good, refused) = (chunk.Through, good + chunk.Records.Count(r => !bad.Contains(r.Line)), refused + bad.Count);
            refusals.AddRange(found.OrderBy(r => r.Line));
            progress?.Report(lines);
            if (refused > request.MaxRefused)
                return new ImportOutcome.Checked(lines, good, refused, refusals, IsWhole: false);
        }
        return new ImportOutcome.Checked(lines, good, refused, refusals, IsWhole: true);
    }

    private static async IAsyncEnumerable<Chunk<TRecord>> ChunksAsync<TRecord>(
        IImportTarget<TRecord> target,
        ImportFile file,
        long after,
        int chunkLines,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var chunk = new Chunk<TRecord>();
        var bytes = 0;
        var first = after;
        await foreach (var line in file.LinesAsync(cancellationToken))
        {
            if (line.Number <= after)
                continue;
            var reader = RecordReader.Read(line, target.Members);
            var record = reader.IsGood ? target.Read(reader) : default;
            if (reader.IsGood)
                chunk.Records.Add(new Numbered<TRecord>(line.Number, record!));
            chunk.Refusals.AddRange(reader.Problems);
            chunk.Through = line.Number;
            bytes += line.Bytes.Length;
            if (chunk.Through - first < chunkLines && bytes < MaxChunkBytes)
                continue;
            yield return chunk;
            (chunk, bytes, first) = (new Chunk<TRecord>(), 0, line.Number);
        }
        if (chunk.Through > 0)
            yield return chunk;
    }

    private static UInt128 Digest(string member, string key) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{member}\n{key}")));

    private sealed class Chunk<TRecord>
    {
        public List<Numbered<TRecord>> Records { get; } = [];

        public List<ImportRefusal> Refusals { get; } = [];

        public long Through { get; set; }
    }
}
