namespace Gamekeeper.Storage;

/// <summary>
/// Keeps objects outside of the database: whole, under a name, put once and never altered. A folder today; the verbs ask no more of it than
/// an S3-compatible store gives. Thread-safe, and safe for several nodes at once.
/// </summary>
/// <exception cref="GamekeeperException">
/// Of every member: <c>storage.unavailable</c> when the store cannot be reached, read or written; nothing half-written is ever seen under a
/// name. <c>configuration.missing</c> when no store is configured.
/// </exception>
public interface IObjectStore
{
    /// <summary>Where it is, in words without a secret.</summary>
    string Where { get; }

    /// <summary>
    /// Stores the content under a name that is free; once it returns, the object survives a power failure. Safe to repeat: the same content
    /// again changes nothing, another content is refused.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Read to its end; not held in memory.</param>
    /// <param name="cancellationToken">Ends the work; then nothing is stored.</param>
    Task<PutOutcome> PutAsync(ObjectName name, Stream content, CancellationToken cancellationToken = default);

    /// <summary>The content, for the caller to read and dispose; null when there is no such object.</summary>
    Task<Stream?> GetAsync(ObjectName name, CancellationToken cancellationToken = default);

    /// <summary>Length and checksum of the content as it is now; null when there is no such object. May read the whole object.</summary>
    Task<StoredObject?> HeadAsync(ObjectName name, CancellationToken cancellationToken = default);

    /// <summary>Every object whose name begins so, in no particular order; empty text lists all. What is put meanwhile may or may not be in it.</summary>
    IAsyncEnumerable<ObjectName> ListAsync(string prefix, CancellationToken cancellationToken = default);
}

/// <summary>An object as it is stored.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">SHA-256 of the content, 64 lower-case hex digits; whoever wants to know of decay keeps the one from when it was put.</param>
public sealed record StoredObject(ObjectName Name, long Length, string Sha256);

/// <summary>How putting an object ended.</summary>
public abstract record PutOutcome
{
    private PutOutcome() { }

    /// <summary>It is there now and was not before.</summary>
    public sealed record Stored(StoredObject Object) : PutOutcome;

    /// <summary>It was there already, with the same content.</summary>
    public sealed record AlreadyThere(StoredObject Object) : PutOutcome;

    /// <summary>The name is taken by another content, which stays.</summary>
    public sealed record TakenByAnother(StoredObject Existing) : PutOutcome;
}
