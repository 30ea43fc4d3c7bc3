using Gamekeeper.Caching;
using Gamekeeper.Health;

namespace Gamekeeper.Server.Health;

/// <summary>Whether this node answers from its cache. Everything is answered without it, only not as fast: so it makes nothing unready.</summary>
internal sealed class CacheHealth(CacheStatistics statistics, TimeProvider clock)
{
    public HealthOfPart Check()
    {
        var started = clock.GetTimestamp();
        var node = statistics.Node();
        var problem = node switch
        {
            { IsEnabled: false } => null,
            { IsServing: true, Redis.IsResting: true } => "Reads that memory does not answer ask PostgreSQL: Redis answers too slowly and is left alone for a moment.",
            { IsServing: true } => null,
            { Redis: { IsReady: false } redis } => $"Every read asks PostgreSQL, since Redis cannot be used: {redis.Problem ?? "it is being connected to"}",
            _ => "Every read asks PostgreSQL: this node joined the others a moment ago, or could not renew its lease.",
        };
        return new("cache", problem is null, problem, clock.GetElapsedTime(started));
    }
}
