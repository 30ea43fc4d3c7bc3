namespace Gamekeeper.Simulation.Reads.Recording;

/// <summary>One fault that was made.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Node">The node it was made at; null for all, or for Redis itself.</param>
/// <param name="Began">Just before.</param>
/// <param name="Mended">Once it was taken back.</param>
/// <param name="Over">Once every node answered from its cache again: what happens until then belongs to the fault.</param>
/// <param name="Told">What was done exactly.</param>
internal sealed record Strike(FaultKind Kind, int? Node, long Began, long Mended, long Over, string Told)
{
    public bool Covers(long began, long ended) => began <= Over && ended >= Began;
}
