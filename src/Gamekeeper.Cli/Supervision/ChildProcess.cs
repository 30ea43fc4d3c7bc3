using System.Diagnostics;
using Gamekeeper.Cli.Home;

namespace Gamekeeper.Cli.Supervision;

/// <summary>
/// A process that does not outlive this one, however this one ends. The kernel keeps that promise, but for the thread that started
/// the child and not for the process; so that thread is one of our own, not the pool's, and lives exactly as long as the child.
/// </summary>
internal sealed class ChildProcess
{
    private readonly TaskCompletionSource<ProcessIdentity> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess() { }

    public ProcessIdentity Identity { get; private set; } = new(0, -1);

    /// <summary>Completes with the exit code: 128 and the signal's number when one ended it.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>
    /// Starts a command in a session of its own (Ctrl-C at the terminal reaches us, and we end the children in order), with standard
    /// output and error appended to <paramref name="logFile"/>: a pipe to us would break with us and lose the last, most wanted lines.
    /// </summary>
    public static async Task<ChildProcess> LaunchAsync(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string logFile, string workingFolder)
    {
        var info = new ProcessStartInfo("setpriv") { UseShellExecute = false, WorkingDirectory = workingFolder };
        string[] wrapped =
        [
            "--pdeathsig", "TERM", "--", "setsid",
            "sh", "-c", """umask 077; log=$1; shift; exec "$@" </dev/null >>"$log" 2>&1""", "sh", logFile, .. command,
        ];
        foreach (var argument in wrapped)
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            info.Environment[name] = value;

        var child = new ChildProcess();
        new Thread(() => child.Watch(info)) { IsBackground = true, Name = "child process" }.Start();
        child.Identity = await child._started.Task;
        return child;
    }

    /// <summary>Asks it to end, and ends it when it has not within <paramref name="patience"/>. Safe when it has ended already.</summary>
    /// <returns>False when it had to be killed.</returns>
    public async Task<bool> StopAsync(TimeSpan patience, TimeProvider clock)
    {
        if (Exited.IsCompleted || !Signals.Send(Identity.Id, Signals.Terminate))
            return true;
        try
        {
            await Exited.WaitAsync(patience, clock);
            return true;
        }
        catch (TimeoutException)
        {
            Signals.Send(Identity.Id, Signals.Kill);
            await Exited;
            return false;
        }
    }

    private void Watch(ProcessStartInfo info)
    {
        try
        {
            using var process = Process.Start(info)!;
            // Ended before we could look: then any identity is as dead as this one.
            _started.SetResult(ProcessIdentity.Of(process.Id) ?? new ProcessIdentity(process.Id, -1));
            process.WaitForExit();
            _exited.SetResult(process.ExitCode);
        }
        catch (Exception failure)
        {
            if (!_started.TrySetException(failure))
                _exited.TrySetException(failure);
        }
    }
}
