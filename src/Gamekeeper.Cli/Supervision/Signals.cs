using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Gamekeeper.Cli.Supervision;

/// <summary>The base library can kill a process but not ask it to end, nor to stand still.</summary>
internal static partial class Signals
{
    public const int Terminate = 15;
    public const int Kill = 9;

    // As Linux numbers them on every architecture that .NET runs on.
    public const int Stop = 19;
    public const int Continue = 18;

    /// <summary>False when the process is gone already.</summary>
    public static bool Send(int processId, int signal)
    {
        // To kill(2), 0 and below are whole groups of processes, our own first.
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        const int noSuchProcess = 3;
        if (SendSignal(processId, signal) == 0)
            return true;
        var error = Marshal.GetLastPInvokeError();
        return error == noSuchProcess
            ? false
            : throw new GamekeeperException(
                "processes.not-permitted",
                $"Signal {signal} to process {processId} was refused: {new Win32Exception(error).Message}. It belongs to another user; run the command as that user.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
