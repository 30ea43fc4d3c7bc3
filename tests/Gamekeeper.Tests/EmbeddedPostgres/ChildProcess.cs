using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gamekeeper.EmbeddedPostgres;

namespace Gamekeeper.Tests.EmbeddedPostgres;

/// <summary>
/// Another process of our own that starts a server and holds it. It is this very program: with the variable set, it becomes that
/// process before any test framework is loaded.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private const string Variable = "GAMEKEEPER_TESTS_HOLD_SERVER";

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int ProcessId => _process.Id;

    public int ServerId { get; private set; }

    public int ServerPort { get; private set; }

    public static async Task<ChildProcess> HoldingServerAsync(string directory)
    {
        var child = new ChildProcess(Start(new ServerAccount("ourselves", null, null), directory));
        var line = await child._process.StandardOutput.ReadLineAsync() ?? "nothing";
        var said = line.Split(' ');
        if (said.Length != 2)
        {
            child.Dispose();
            throw new InvalidOperationException($"The child holds no server; it said {line}.");
        }

        child.ServerId = int.Parse(said[0]);
        child.ServerPort = int.Parse(said[1]);
        return child;
    }

    /// <summary>The code with which another user's start is refused; it is a failure when it is not.</summary>
    public static async Task<string> RefusalOfAsync(ServerAccount user, string directory)
    {
        using var child = new ChildProcess(Start(user, directory));
        return await child._process.StandardOutput.ReadLineAsync() ?? "";
    }

    private static Process Start(ServerAccount user, string directory)
    {
        // With the signals' ordinary meaning, which a run in the background would hand down as ignored.
        var info = Tool.StartInfo(user.Command("env", "--default-signal=INT,QUIT", Path.Combine(AppContext.BaseDirectory, "Gamekeeper.Tests")), null);
        info.RedirectStandardError = false;
        info.RedirectStandardInput = false;
        info.Environment[Variable] = directory;
        return Tool.Start(info);
    }

    public async Task EndAsync(int signal)
    {
        Libc.Signal(_process.Id, signal);
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [ModuleInitializer]
    internal static void BecomeChild()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } directory)
            return;
        var options = new EmbeddedPostgresOptions { Directory = directory, Durability = Durability.None };
        try
        {
            var server = EmbeddedPostgresServer.StartAsync(options).GetAwaiter().GetResult();
            Console.WriteLine($"{server.ProcessId} {server.Port}");
        }
        catch (EmbeddedPostgresException e)
        {
            Console.WriteLine(e.Code);
            Environment.Exit(1);
        }

        using var never = new ManualResetEventSlim();
        never.Wait();
    }
}
