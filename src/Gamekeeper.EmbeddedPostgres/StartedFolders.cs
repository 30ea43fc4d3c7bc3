using System.Collections.Concurrent;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>The folders this process runs a server in: starting one twice is a mistake of the program, not a server to adopt.</summary>
internal sealed class StartedFolders : IDisposable
{
    private static readonly ConcurrentDictionary<string, StartedFolders> Started = new(StringComparer.Ordinal);

    private readonly string _data;
    private Postmaster? _postmaster;

    private StartedFolders(string data) => _data = data;

    public static async Task<StartedFolders> ClaimAsync(string data, TimeProvider clock, CancellationToken cancellationToken)
    {
        var claim = new StartedFolders(data);
        while (true)
        {
            var holder = Started.GetOrAdd(data, claim);
            if (holder == claim)
                return claim;
            // One that has just died is still ours for the moment it takes to hear of it.
            var dying = holder._postmaster is { } p && (p.Exited.IsCompleted || !ProcessTable.IsAlive(p.ProcessId));
            if (!dying || !await new BoundedWait(clock, TimeSpan.FromSeconds(10)).UntilAsync(() => !Holds(holder), cancellationToken))
                throw new EmbeddedPostgresException(
                    EmbeddedPostgresErrors.StartedTwice,
                    $"This process already runs a server in {data}"
                    + (holder._postmaster is { } running ? $" (process {running.ProcessId})" : "")
                    + ". Share the one that runs, or stop it first.");
        }
    }

    public void Follow(Postmaster postmaster) => _postmaster = postmaster;

    public void Dispose() => Started.TryRemove(KeyValuePair.Create(_data, this));

    private static bool Holds(StartedFolders holder) => Started.TryGetValue(holder._data, out var now) && now == holder;
}
