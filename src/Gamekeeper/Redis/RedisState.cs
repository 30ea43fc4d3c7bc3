namespace Gamekeeper.Redis;

/// <summary>Where the way to Redis stands.</summary>
internal abstract record RedisState
{
    private RedisState() { }

    /// <summary>There is no connection; one is being made, now or after a pause.</summary>
    /// <param name="LastFailure">Why the last attempt failed or the last connection ended; null before the first.</param>
    internal sealed record Connecting(string? LastFailure) : RedisState;

    /// <summary>Commands are taken.</summary>
    internal sealed record Ready : RedisState;

    /// <summary>The server is there and will not have us, or we not it; tried again all the same, at the longest pause.</summary>
    /// <param name="Reason">For an operator: too old, a wrong password, a certificate that is not trusted.</param>
    internal sealed record Refused(string Reason) : RedisState;

    /// <summary>Over; nothing connects again.</summary>
    internal sealed record Closed : RedisState;
}
