using System.Runtime.CompilerServices;

namespace Gamekeeper.Integrity.Checkpoints;

internal static class ReadAmong
{
    /// <summary>The rows with numbers of these ranges, which are in order. What lies closer than that is one read, and what lies between is left out.</summary>
    public static async IAsyncEnumerable<CheckpointLeaf> ReadAmongAsync(
        this ICheckpointSource source,
        IReadOnlyList<NumberRange> ranges,
        long closerThan,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var at = 0;
        foreach (var span in NumberRanges.Spans(ranges, closerThan))
        {
            await foreach (var leaf in source.ReadAsync(span.First - 1, span.Last, null, cancellationToken))
            {
                while (at < ranges.Count && ranges[at].Last < leaf.Number)
                    at++;
                if (at < ranges.Count && ranges[at].First <= leaf.Number)
                    yield return leaf;
            }
        }
    }
}
