using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gamekeeper.Cli.Supervision;

/// <summary>A program that takes over this terminal until it ends; Ctrl-C is its own affair meanwhile.</summary>
internal static class TerminalProcess
{
    public static async Task<int> RunAsync(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        var info = new ProcessStartInfo(program, arguments) { UseShellExecute = false };
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        try
        {
            using var itsOwn = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
            using var process = Process.Start(info)!;
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        catch (Win32Exception failure)
        {
            throw new GamekeeperException("tools.unavailable", $"'{program}' cannot be run: {failure.Message}. Install the PostgreSQL client programs.", failure);
        }
    }
}
