using System.Globalization;

namespace Gamekeeper.Caching;

/// <summary>What Redis says of itself (INFO), over all its users and since it started.</summary>
/// <param name="Version">Such as 7.0.15.</param>
/// <param name="UptimeSeconds">Since it started.</param>
/// <param name="UsedBytes">Memory in use.</param>
/// <param name="MaxBytes">The bound; null for none.</param>
/// <param name="EvictionPolicy">What goes when it is full.</param>
/// <param name="Evicted">Keys that went because it was full.</param>
/// <param name="Expired">Keys whose time ran out.</param>
/// <param name="Hits">Look-ups that found a key.</param>
/// <param name="Misses">Look-ups that did not.</param>
/// <param name="Clients">Connections.</param>
public sealed record RedisStatistics(
    string Version,
    long UptimeSeconds,
    long UsedBytes,
    long? MaxBytes,
    string EvictionPolicy,
    long Evicted,
    long Expired,
    long Hits,
    long Misses,
    int Clients
)
{
    /// <summary>Share of look-ups that found a key, 0 to 1; 0 when there were none.</summary>
    public double HitRate => Hits + Misses is var all and > 0 ? (double)Hits / all : 0;

    internal static RedisStatistics Parse(string info)
    {
        var facts = info.Split('\n')
            .Select(line => line.Trim().Split(':', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        return new(
            facts.GetValueOrDefault("redis_version", "unknown"),
            Number("uptime_in_seconds"),
            Number("used_memory"),
            Number("maxmemory") is > 0 and var most ? most : null,
            facts.GetValueOrDefault("maxmemory_policy", "unknown"),
            Number("evicted_keys"),
            Number("expired_keys"),
            Number("keyspace_hits"),
            Number("keyspace_misses"),
            (int)Number("connected_clients")
        );

        long Number(string name) =>
            long.TryParse(facts.GetValueOrDefault(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
