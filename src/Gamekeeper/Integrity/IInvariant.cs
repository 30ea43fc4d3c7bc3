namespace Gamekeeper.Integrity;

/// <summary>Something that must hold in the stored data. Registered by a module, run by <c>gamekeeper verify</c>.</summary>
public interface IInvariant
{
    /// <summary>Stable name, such as <c>summoners_grid.ownership-chain</c>.</summary>
    string Name { get; }

    /// <summary>One sentence: what holds.</summary>
    string Promise { get; }

    /// <summary>Looks for breaches, the first ones first, at most <paramref name="limit"/>. None means that it holds.</summary>
    IAsyncEnumerable<InvariantBreach> CheckAsync(int limit, CancellationToken cancellationToken);
}

/// <summary>One place where an invariant does not hold.</summary>
/// <param name="Table">Schema and table.</param>
/// <param name="Key">The row's key as text.</param>
/// <param name="Finding">What was expected and what was found; no personal values.</param>
public sealed record InvariantBreach(string Table, string Key, string Finding);
