using System.Diagnostics;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>
/// A server process started by us, and the thread that started it. The kernel signals the server when that thread ends, not when
/// the process does; so the thread is one of our own, not the pool's, and lives exactly as long as the server.
/// </summary>
internal sealed class Postmaster
{
    private readonly TaskCompletionSource<int> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _complaint = "";

    public int ProcessId { get; private set; }

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>What was said before the server's own log took over, such as setpriv's refusal.</summary>
    public string Complaint => Volatile.Read(ref _complaint);

    public static async Task<Postmaster> LaunchAsync(ProcessStartInfo info)
    {
        var postmaster = new Postmaster();
        new Thread(() => postmaster.Guard(info)) { IsBackground = true, Name = "postgres guard" }.Start();
        postmaster.ProcessId = await postmaster._started.Task;
        return postmaster;
    }

    private void Guard(ProcessStartInfo info)
    {
        try
        {
            using var process = Tool.Start(info);
            process.StandardInput.Close();
            _started.SetResult(process.Id);
            // Ends as soon as the shell has turned the output to the log file.
            Volatile.Write(ref _complaint, process.StandardError.ReadToEnd());
            process.WaitForExit();
            _exited.SetResult(process.ExitCode);
        }
        catch (Exception e) when (!_started.Task.IsCompleted)
        {
            _started.SetException(e);
        }
    }
}
