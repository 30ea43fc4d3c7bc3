using System.Security.Cryptography;
using System.Text;

namespace Gamekeeper.Importing;

/// <summary>One run of an import through its file.</summary>
public abstract class ImportCourse
{
    private protected ImportCourse() { }

    internal abstract Task<ImportOutcome> RunAsync(ImportFile file, ImportRequest request, IProgress<long>? progress, CancellationToken cancellationToken);

    internal abstract Task<ImportOutcome> CheckAsync(ImportFile file, ImportRequest request, IProgress<long>? progress, CancellationToken cancellationToken);
}

/// <summary>The same course for every kind of record; what differs, the target says.</summary>
public sealed class ImportCourse<TRecord>(IImportTarget<TRecord> target) : ImportCourse
{
    // A chunk ends at its number of lines or at so many bytes, whichever comes first: at the same lines whenever the file is read.
    private const int MaxChunkBytes = 16 * 1024 * 1024;

    internal override async Task<ImportOutcome> RunAsync(ImportFile file, ImportRequest request, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var state = await target.BeginAsync(request.Name, file, cancellationToken);
        if (state.FinishedAt is not null)
            return new ImportOutcome.Finished(state, WasFinished: true);
        var last = state.Lines;
        await foreach (var chunk in ChunksAsync(file, state.Lines, state.ChunkLines, cancellationToken))
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

    internal override async Task<ImportOutcome> CheckAsync(ImportFile file, ImportRequest request, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var seen = new HashSet<UInt128>();
        var refusals = new List<ImportRefusal>();
        var (lines, good, refused) = (0L, 0L, 0L);
        await foreach (var chunk in ChunksAsync(file, 0, target.ChunkLines, cancellationToken))
        {
            var found = await target.CheckAsync(chunk.Records, cancellationToken);
            var sifted = ImportDuplicates.Sift(chunk.Records, [.. chunk.Refusals, .. found], target.Keys, (m, k) => seen.Add(Digest(m, k)));
            refusals.AddRange(sifted.Refusals.OrderBy(r => r.Line));
            (lines, good, refused) = (chunk.Through, good + sifted.Good.Count, refused + sifted.Refusals.Select(r => r.Line).Distinct().Count());
            progress?.Report(lines);
            if (refused > request.MaxRefused)
                return new ImportOutcome.Checked(lines, good, refused, refusals, IsWhole: false);
        }
        return new ImportOutcome.Checked(lines, good, refused, refusals, IsWhole: true);
    }

    private async IAsyncEnumerable<Chunk> ChunksAsync(
        ImportFile file,
        long after,
        int chunkLines,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var chunk = new Chunk();
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
            (chunk, bytes, first) = (new Chunk(), 0, line.Number);
        }
        if (chunk.Through > 0)
            yield return chunk;
    }

    private static UInt128 Digest(string member, string key) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{member}\n{key}")));

    private sealed class Chunk
    {
        public List<Numbered<TRecord>> Records { get; } = [];

        public List<ImportRefusal> Refusals { get; } = [];

        public long Through { get; set; }
    }
}
