using Gamekeeper.Cli.Home;

namespace Gamekeeper.Tests.Cli;

/// <summary>A home of a test's own, and nothing left of it afterwards: no process, no file.</summary>
internal sealed class CliHome : IAsyncDisposable
{
    private CliHome(string path) => Path = path;

    public string Path { get; }

    public static CliHome New()
    {
        // Short, for the socket's sake, and open to the user that root's database runs as.
        var path = Directory.CreateTempSubdirectory("gkc-").FullName;
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return new CliHome(System.IO.Path.Combine(path, "h"));
    }

    public RunState Running => RunState.ReadLive(new GamekeeperHome(Path)) ?? throw new InvalidOperationException("Nothing runs.");

    public Task<CliResult> RunAsync(params string[] arguments) => CliProcess.RunAsync(Path, arguments);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down");
        Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
    }
}
