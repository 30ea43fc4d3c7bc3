namespace Gamekeeper.Caching.Warming;

/// <summary>Runs the warmers of all modules.</summary>
public sealed class CacheWarming(GameCache cache, ModuleCatalogue modules, TimeProvider clock)
{
    /// <summary>The names of the warmers there are, in the order in which they run.</summary>
    public IReadOnlyList<string> Names => [.. modules.Warmers().Select(w => w.Warmer.Name)];

    /// <summary>
    /// Runs one warmer, or all; each with what it read and how long that took. Empty when no warmer has this name, and on a node that
    /// answers from no cache just now: there it would only ask PostgreSQL. Safe to repeat.
    /// </summary>
    /// <exception cref="GamekeeperException">PostgreSQL is out of reach; what was read so far is cached.</exception>
    public async Task<IReadOnlyList<Warmed>> RunAsync(string? name = null, CancellationToken cancellationToken = default)
    {
        var done = new List<Warmed>();
        foreach (var (_, warmer) in modules.Warmers().Where(w => name is null || w.Warmer.Name == name))
        {
            if (!cache.IsServing)
                break;
            var started = clock.GetTimestamp();
            var keys = await warmer.WarmAsync(cancellationToken);
            done.Add(new Warmed(warmer.Name, keys, clock.GetElapsedTime(started)));
        }
        return done;
    }
}

/// <summary>What a warmer did.</summary>
/// <param name="Name">Of the warmer.</param>
/// <param name="Keys">How many values it read through the cache.</param>
/// <param name="Took">How long that took.</param>
public sealed record Warmed(string Name, int Keys, TimeSpan Took);
