namespace Gamekeeper.Storage;

/// <summary>Stands where no store is configured and says so to whoever needs one; whoever needs none is not held up.</summary>
internal sealed class MissingObjectStore : IObjectStore
{
    public string Where => "no object store";

    public Task<PutOutcome> PutAsync(ObjectName name, Stream content, CancellationToken cancellationToken = default) => throw Missing();

    public Task<Stream?> GetAsync(ObjectName name, CancellationToken cancellationToken = default) => throw Missing();

    public Task<StoredObject?> HeadAsync(ObjectName name, CancellationToken cancellationToken = default) => throw Missing();

    public IAsyncEnumerable<ObjectName> ListAsync(string prefix, CancellationToken cancellationToken = default) => throw Missing();

    private static GamekeeperException Missing() =>
        new("configuration.missing", "No object store is configured: set Gamekeeper__Storage__Folder to an existing folder, best on another disk than the database.");
}
