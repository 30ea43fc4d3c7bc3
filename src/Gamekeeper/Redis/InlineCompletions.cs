namespace Gamekeeper.Redis;

/// <summary>
/// A setting of the runtime by which a process promises that nothing in it ever blocks: what waits for a socket goes on with the thread
/// that saw the answer arrive. What waits for an answer of Redis does the same then. Otherwise it goes on with another thread, since a caller
/// that blocked the one that reads would keep everybody's answers from being read.
/// </summary>
internal static class InlineCompletions
{
    public const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>As the runtime itself reads it, once.</summary>
    public static readonly bool AreOn = Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>For what is completed where an answer arrives, with no lock held.</summary>
    public static TaskCreationOptions Options => AreOn ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously;
}
