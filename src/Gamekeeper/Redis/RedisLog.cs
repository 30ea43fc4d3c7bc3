using Microsoft.Extensions.Logging;

namespace Gamekeeper.Redis;

/// <summary>What the way to Redis tells an operator: addresses and reasons, never a key, a value or a password.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(400, LogLevel.Information, "Connected to Redis {Version} at {Address} for {Purpose}, run id {RunId}")]
    public static partial void Connected(ILogger logger, Version version, RedisAddress address, RedisPurpose purpose, string runId);

    [LoggerMessage(401, LogLevel.Warning, "The connection for {Purpose} to Redis at {Address} is lost and made anew: {Reason}")]
    public static partial void Lost(ILogger logger, RedisPurpose purpose, RedisAddress address, string reason);

    [LoggerMessage(402, LogLevel.Warning, "Redis at {Address} is tried again and again: {Reason}")]
    public static partial void Unreachable(ILogger logger, RedisAddress address, string reason);

    [LoggerMessage(403, LogLevel.Error, "Redis at {Address} cannot be used until somebody mends it: {Reason}")]
    public static partial void Refused(ILogger logger, RedisAddress address, string reason);

    [LoggerMessage(404, LogLevel.Error, "What was to be done about a lost connection to Redis failed")]
    public static partial void HandlerFailed(ILogger logger, Exception failure);

    [LoggerMessage(405, LogLevel.Error, "Redis does not let us listen to channel {Channel}: {Reason}")]
    public static partial void ChannelRefused(ILogger logger, string channel, string reason);

    [LoggerMessage(406, LogLevel.Error, "A listener of channel {Channel} failed; it goes on listening")]
    public static partial void ListenerFailed(ILogger logger, string channel, Exception failure);
}
