using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Caching;
using Gamekeeper.Caching.Warming;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.Ops;

/// <summary>What the cache of this node keeps, how well it does, and what Redis says of itself.</summary>
internal static class CacheEndpoints
{
    private static readonly ErrorCode Unknown = new("cache.unknown-warmer", 404, "There is no such warmer.");
    private static readonly ErrorCode NotServing = new("cache.not-serving", 503, "This node answers from no cache just now.");

    public static void Map(RouteGroupBuilder ops)
    {
        ops.MapGet("/cache", GetAsync)
            .WithName("getCache")
            .WithSummary("The cache of the node that answers: every kind of value with its time to live and hit rate, memory, lease, and Redis");
        ops.MapPost("/cache/warm", WarmAsync)
            .WithName("warmCache")
            .WithSummary("Read what is asked for most through the cache of the node that answers, and say how many values that were. Safe to repeat")
            .Refuses(Unknown, NotServing);
    }

    private static async Task<Results<Ok<WarmedResponse>, Refusal>> WarmAsync(
        [StringLength(100, MinimumLength = 1), Description("One warmer only.")] string? only,
        CacheWarming warming,
        GameCache cache,
        CancellationToken cancellationToken
    )
    {
        if (only is not null && !warming.Names.Contains(only, StringComparer.Ordinal))
            return new Refusal(Unknown, $"There are: {string.Join(", ", warming.Names)}.");
        if (!cache.IsServing)
            return new Refusal(NotServing, "GET /health says why; try again in a moment.") { RetryAfter = TimeSpan.FromSeconds(2) };
        var warmed = await warming.RunAsync(only, cancellationToken);
        return TypedResults.Ok(new WarmedResponse([.. warmed.Select(w => new WarmedByResponse(w.Name, w.Keys, Math.Round(w.Took.TotalMilliseconds, 1)))]));
    }

    private static async Task<Ok<CacheResponse>> GetAsync(CacheStatistics statistics, CancellationToken cancellationToken)
    {
        var node = statistics.Node();
        return TypedResults.Ok(
            new CacheResponse(
                node.IsEnabled,
                node.IsServing,
                node.Epoch,
                node.Others,
                node.Bytes,
                node.MaxBytes,
                [.. statistics.Keys().Select(CacheKeyResponse.Of)],
                node.Redis is { } redis ? CacheRedisResponse.Of(redis, await statistics.RedisAsync(cancellationToken)) : null
            )
        );
    }
}

internal sealed record WarmedResponse(IReadOnlyList<WarmedByResponse> Items);

internal sealed record WarmedByResponse(string Warmer, [property: Description("Values read.")] int Values, double Milliseconds);

internal sealed record CacheResponse(
    bool IsEnabled,
    [property: Description("False while this node asks PostgreSQL for everything.")] bool IsServing,
    [property: Description("Grows whenever all cached values are void; null before the first lease.")] long? Epoch,
    [property: Description("Other nodes that answer from caches.")] int OtherNodes,
    [property: Description("Bytes of values in memory.")] long Bytes,
    long MaxBytes,
    IReadOnlyList<CacheKeyResponse> Keys,
    [property: Description("Null where no Redis is configured.")] CacheRedisResponse? Redis
);

internal sealed record CacheKeyResponse(
    string Pattern,
    [property: Description("`fresh`: never older than the last acknowledged write. `bounded`: never older than its time to live.")] string Class,
    [property: Description("`short`, `medium` or `long`, by the time to live.")] string TimeClass,
    int TimeToLiveSeconds,
    [property: Description("Tables whose writes drop it.")] IReadOnlyList<string> DroppedBy,
    [property: Description("Values in memory.")] int Held,
    [property: Description("Reads since the process started that did not ask PostgreSQL, 0 to 1.")] double HitRate,
    long MemoryHits,
    long RedisHits,
    [property: Description("Reads that shared somebody else's load.")] long Joined,
    long Loaded,
    long Bypassed,
    [property: Description("Answers marked stale, PostgreSQL being out of reach.")] long Stale,
    long Dropped,
    long Evicted
)
{
    public static CacheKeyResponse Of(CacheKeyStatistics s) =>
        new(
            s.Key.Pattern,
            s.Key.Class == CacheClass.Fresh ? "fresh" : "bounded",
            s.Key.TimeClass,
            (int)s.Key.TimeToLive.TotalSeconds,
            s.Key.DroppedBy,
            s.Held,
            Math.Round(s.Counts.HitRate, 4),
            s.Counts.FirstLevel,
            s.Counts.SecondLevel,
            s.Counts.Joined,
            s.Counts.Loaded,
            s.Counts.Bypassed,
            s.Counts.Stale,
            s.Counts.Dropped,
            s.Counts.Evicted
        );
}

internal sealed record CacheRedisResponse(
    bool IsReady,
    string? Problem,
    [property: Description("True while reads ask PostgreSQL instead, since its answers came too late.")] bool IsResting,
    [property: Description("Answers to reads that came too late, since the process started.")] long Late,
    string? Version,
    long? UptimeSeconds,
    long? UsedBytes,
    [property: Description("Null for no bound.")] long? MaxBytes,
    string? EvictionPolicy,
    long? Evicted,
    long? Expired,
    [property: Description("Of all users of that Redis since it started, 0 to 1.")] double? HitRate,
    int? Clients
)
{
    public static CacheRedisResponse Of(CacheRedisStatus status, RedisStatistics? says) =>
        new(
            status.IsReady,
            status.Problem,
            status.IsResting,
            status.Late,
            says?.Version,
            says?.UptimeSeconds,
            says?.UsedBytes,
            says?.MaxBytes,
            says?.EvictionPolicy,
            says?.Evicted,
            says?.Expired,
            says is null ? null : Math.Round(says.HitRate, 4),
            says?.Clients
        );
}
