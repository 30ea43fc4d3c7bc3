namespace Gamekeeper.Caching.Warming;

/// <summary>
/// Fills the cache with what will be asked for, by reading it through the cache: at start, on schedule and on demand. A game registers its
/// own with <see cref="ModuleRegistration.Warmer{T}"/>.
/// </summary>
public interface ICacheWarmer
{
    /// <summary>Stable name, such as <c>summoners_grid.popular-templates</c>.</summary>
    string Name { get; }

    /// <summary>Reads what is worth having; how many values that were. Runs only where the cache is in use. Safe to repeat.</summary>
    Task<int> WarmAsync(CancellationToken cancellationToken);
}
