namespace Gamekeeper.Cli.Supervision;

/// <summary>HTTP to this machine itself. The environment's proxy is not asked: it may not know us, and would then seem to be our server.</summary>
internal static class Loopback
{
    public static HttpClient Client(TimeSpan timeout) => new(new SocketsHttpHandler { UseProxy = false }) { Timeout = timeout };
}
