using Gamekeeper.Scheduling;

namespace Gamekeeper.Caching.Warming;

/// <summary>Keeps what is asked for most in the cache all day long. One node does it: the others find it in Redis.</summary>
internal sealed class WarmCaches(CacheWarming warming) : IJob
{
    public string Name => "core.warm-caches";

    public string Purpose => "Reads what is asked for most through the cache, so that it is there.";

    public JobSchedule Schedule => new JobSchedule.Every(TimeSpan.FromMinutes(15));

    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var warmed = await warming.RunAsync(cancellationToken: cancellationToken);
        return warmed.Count == 0
            ? "this node answers from no cache"
            : $"{warmed.Sum(w => w.Keys)} values read by {warmed.Count} warmers";
    }
}
