namespace Gamekeeper.Benchmarks;

/// <summary>A setting of the runtime that decides much of what a short round trip costs on our side.</summary>
internal static class InlineCompletions
{
    /// <summary>1 continues on the thread that saw the answer arrive; otherwise the thread pool is asked, which on few cores costs more than the round trip.</summary>
    public const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    public static bool IsOn => Environment.GetEnvironmentVariable(Variable) == "1";
}
