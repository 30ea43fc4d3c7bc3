namespace Gamekeeper.Redis;

/// <summary>Redis did not do what was asked. Redis holds nothing that cannot be made again, so whoever asked goes on without it.</summary>
internal sealed class RedisException(RedisFailure kind, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public RedisFailure Kind { get; } = kind;

    /// <summary>The first word of the server's refusal, such as <c>WRONGTYPE</c>, <c>OOM</c> or <c>READONLY</c>; null for every other failure.</summary>
    public string? Code { get; private init; }

    /// <summary>
    /// True when the command was handed to the network and nobody knows what became of it. False: it has certainly not run. A refused
    /// command has not run either, except for a script that failed half-way.
    /// </summary>
    public bool MayHaveRun { get; private init; }

    public static RedisException Unknown(RedisFailure kind, string message, bool mayHaveRun, Exception? cause = null) =>
        new(kind, message, cause) { MayHaveRun = mayHaveRun };

    /// <summary>The server's own words, without the arguments that some of them repeat: those may be secret or personal.</summary>
    public static RedisException Refused(string error)
    {
        var code = error.Split(' ', 2)[0];
        var arguments = error.IndexOf(", with args beginning", StringComparison.OrdinalIgnoreCase);
        return new(RedisFailure.Refused, arguments < 0 ? error : error[..arguments]) { Code = code };
    }
}

/// <summary>Whose fault it is.</summary>
internal enum RedisFailure
{
    /// <summary>There is no connection at the moment. Nothing was sent.</summary>
    Unreachable,

    /// <summary>More waits to be sent than may wait. Nothing was sent.</summary>
    Overloaded,

    /// <summary>The answer did not come in time; the command may still run.</summary>
    TimedOut,

    /// <summary>The connection went away before the answer came.</summary>
    ConnectionLost,

    /// <summary>The server answered with an error.</summary>
    Refused,

    /// <summary>What came is not what Redis says, or not what the caller expected.</summary>
    Protocol,
}
