using System.Runtime.CompilerServices;

namespace Gamekeeper.SummonersGrid.Cards.Import;

/// <summary>
/// Cuts a stream into records: the elements of one JSON array, or the values of a file of JSON lines. At no time more than one record
/// and one block are in memory. Each record comes with the line it starts in.
/// </summary>
internal static class TemplateRecords
{
    /// <summary>The largest record, in bytes.</summary>
    public const int MaxRecordBytes = 1 << 20;

    private const int BlockBytes = 64 * 1024;

    public static async IAsyncEnumerable<RawRecord> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cutter = new RecordCutter();
        var buffer = new byte[BlockBytes];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            cutter.Append(buffer.AsSpan(0, read));
            while (cutter.Next(isLast: false) is { } record)
                yield return record;
        }
        while (cutter.Next(isLast: true) is { } record)
            yield return record;
        cutter.EnsureComplete();
    }
}

/// <summary>One record as it stands in the file.</summary>
/// <param name="Json">The bytes of its value.</param>
/// <param name="Line">Where it starts, from 1.</param>
internal sealed record RawRecord(byte[] Json, int Line);

/// <summary>The file is refused at this place.</summary>
internal sealed class RefusedRecordException(int line, string? member, string problem) : Exception(problem)
{
    public int Line { get; } = line;

    public string? Member { get; } = member;
}
