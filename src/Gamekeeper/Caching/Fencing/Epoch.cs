namespace Gamekeeper.Caching.Fencing;

/// <summary>Which cached values count. PostgreSQL holds the one that is current.</summary>
/// <param name="Number">Tells which came later.</param>
/// <param name="Name">Random; every key in Redis ends in it.</param>
/// <param name="Cluster">Random and constant; names this database's channels in Redis.</param>
/// <param name="RedisRunId">The run of the Redis server that holds its values; null when none did yet.</param>
internal sealed record Epoch(long Number, string Name, string Cluster, string? RedisRunId);
