namespace Gamekeeper.Redis;

/// <summary>Who is at the other end of a new connection.</summary>
/// <param name="RunId">Random, anew at each start of the server: another one means that what was in it may be gone or old.</param>
/// <param name="Version">Of the server, such as 7.0.15.</param>
/// <param name="Purpose">Which of the two connections it is.</param>
internal sealed record RedisIdentity(string RunId, Version Version, RedisPurpose Purpose);

/// <summary>What a connection is for. Messages have one of their own: a large answer must not delay an invalidation.</summary>
internal enum RedisPurpose
{
    Commands,
    Subscriptions,
}
