using System.Diagnostics;
using System.Security.Cryptography;
using Gamekeeper.Caching.Fencing;

namespace Gamekeeper.Caching.Faults;

/// <summary>
/// Every point at which the cache can be made to fail. Where no fault is configured, each is one comparison with a field that never changes.
/// </summary>
internal sealed class CacheFaults(CacheFaultOptions options)
{
    /// <summary>No faults.</summary>
    public static readonly CacheFaults None = new(new CacheFaultOptions());

    private readonly Safeguards _without = options.Without;
    private readonly TimeSpan? _slowPublication = options.SlowPublication;
    private readonly string? _dieAfterCommit = options.DieAfterCommit;

    public bool IsWithout(Safeguards safeguard) => (_without & safeguard) != Safeguards.None;

    /// <summary>What keys in Redis end in.</summary>
    public string Suffix(Epoch epoch) => IsWithout(Safeguards.Epoch) ? "" : epoch.Name;

    /// <summary>Are these the same run of a Redis server?</summary>
    public bool IsSameRun(string? one, string? other) => one == other || IsWithout(Safeguards.RunId);

    /// <summary>Between the reading of a value and its publication.</summary>
    public Task BeforePublicationAsync(TimeProvider clock) =>
        _slowPublication is { } most && RandomNumberGenerator.GetInt32(2) == 0
            ? Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32((int)most.TotalMilliseconds) + 1), clock)
            : Task.CompletedTask;

    /// <summary>Between a commit and the telling of it.</summary>
    public void AfterCommit()
    {
        if (_dieAfterCommit is null || !File.Exists(_dieAfterCommit))
            return;
        try
        {
            // Whoever takes it away dies of it: one commit, not all that are under way.
            File.Move(_dieAfterCommit, $"{_dieAfterCommit}.taken", overwrite: true);
        }
        catch (FileNotFoundException)
        {
            return;
        }
        // No handler runs, no connection is closed in order: as a machine that loses its power.
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
