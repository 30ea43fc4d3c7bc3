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
        var info = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Gamekeeper.Tests"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        info.Environment[Variable] = directory;
        var child = new ChildProcess(Process.Start(info)!);
        var said = (await child._process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The child ended.")).Split(' ');
        child.ServerId = int.Parse(said[0]);
        child.ServerPort = int.Parse(said[1]);
        return child;
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
        var server = EmbeddedPostgresServer.StartAsync(options).GetAwaiter().GetResult();
        Console.WriteLine($"{server.ProcessId} {server.Port}");
        using var never = new ManualResetEventSlim();
        never.Wait();
    }
}
