namespace Gamekeeper.Redis;

/// <summary>What a server may claim to send. Beyond it the connection is closed: nobody waits for, or makes room for, what is only promised.</summary>
/// <param name="MaxReplyBytes">Largest answer to one command as it stands on the wire.</param>
/// <param name="MaxElements">Most values in one answer, those of nested arrays included.</param>
internal sealed record RespLimits(int MaxReplyBytes = 64 * 1024 * 1024, int MaxElements = 1024 * 1024)
{
    /// <summary>Arrays in arrays. COMMAND, the deepest of Redis' own answers, needs 7; nothing of ours needs more than 3.</summary>
    public const int MaxDepth = 8;

    /// <summary>Longest line, which a status or an error fills and a length or a number hardly.</summary>
    public const int MaxLine = 64 * 1024;
}
