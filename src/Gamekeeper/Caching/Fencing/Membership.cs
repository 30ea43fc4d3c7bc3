namespace Gamekeeper.Caching.Fencing;

/// <summary>
/// Who else may answer from a cache. A node that joins later serves nothing cached for the length of a lease, so this may be gone by for
/// as long after it was read.
/// </summary>
/// <param name="Epoch">The current one then.</param>
/// <param name="Others">Nodes with a lease, without the one that asks.</param>
/// <param name="ReadAt">Timestamp of the process's clock from before it was asked.</param>
internal sealed record Membership(Epoch Epoch, IReadOnlyList<Guid> Others, long ReadAt);
