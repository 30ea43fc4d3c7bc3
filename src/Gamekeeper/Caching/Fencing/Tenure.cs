namespace Gamekeeper.Caching.Fencing;

/// <summary>What this node may do: answer with values of this epoch, from one moment to another of the process's clock.</summary>
/// <param name="Epoch">The adopted epoch.</param>
/// <param name="From">Not before: writers may not know of this node yet.</param>
/// <param name="Until">The end of the lease, counted from before it was asked for.</param>
internal sealed record Tenure(Epoch Epoch, long From, long Until);
