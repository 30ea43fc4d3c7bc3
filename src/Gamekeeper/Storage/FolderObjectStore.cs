using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Gamekeeper.Storage;

/// <summary>
/// Objects as files below a folder, their names as paths. A file is written apart (<c>.incoming</c>), brought to disk, and then linked in
/// under its name, so that nobody ever sees half of one and nobody's is overwritten. The folder itself must be there: one that is missing
/// is a disk that was not mounted, and is not made anew in its place.
/// </summary>
public sealed class FolderObjectStore(string folder) : IObjectStore
{
    private const int BufferSize = 1 << 16;
    private const string Incoming = ".incoming";

    private readonly string _folder = Path.GetFullPath(folder);

    /// <inheritdoc />
    public string Where => $"the folder {_folder}";

    /// <inheritdoc />
    public async Task<PutOutcome> PutAsync(ObjectName name, Stream content, CancellationToken cancellationToken = default)
    {
        string? beside = null;
        try
        {
            RequireFolder();
            beside = Path.Combine(EnsureFolder(Path.Combine(_folder, Incoming)), RandomNumberGenerator.GetHexString(24, lowercase: true));
            var stored = await WriteAsync(name, content, beside, cancellationToken);
            var place = PathOf(name);
            EnsureFolder(Path.GetDirectoryName(place)!);
            if (FinishedFile.TryPublish(beside, place))
                return new PutOutcome.Stored(stored);
            // Whoever was first may have been this caller before a crash, or another node with the same content.
            var existing = await HeadAsync(name, cancellationToken) ?? throw new IOException($"{place} vanished while it was looked at.");
            return existing == stored ? new PutOutcome.AlreadyThere(existing) : new PutOutcome.TakenByAnother(existing);
        }
        catch (Exception failure) when (IsOfStore(failure))
        {
            throw Unavailable("written", failure);
        }
        finally
        {
            if (beside is not null)
                Discard(beside);
        }
    }

    /// <inheritdoc />
    public Task<Stream?> GetAsync(ObjectName name, CancellationToken cancellationToken = default)
    {
        try
        {
            RequireFolder();
            return Task.FromResult<Stream?>(new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, useAsync: true));
        }
        catch (Exception missing) when (missing is FileNotFoundException || (missing is DirectoryNotFoundException && Directory.Exists(_folder)))
        {
            return Task.FromResult<Stream?>(null);
        }
        catch (Exception failure) when (IsOfStore(failure))
        {
            throw Unavailable("read", failure);
        }
    }

    /// <inheritdoc />
    public async Task<StoredObject?> HeadAsync(ObjectName name, CancellationToken cancellationToken = default)
    {
        await using var content = await GetAsync(name, cancellationToken);
        if (content is null)
            return null;
        try
        {
            var hash = await SHA256.HashDataAsync(content, cancellationToken);
            return new StoredObject(name, content.Length, Convert.ToHexStringLower(hash));
        }
        catch (Exception failure) when (IsOfStore(failure))
        {
            throw Unavailable("read", failure);
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<ObjectName> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (var file in Files(prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Path.GetRelativePath(_folder, file).Replace(Path.DirectorySeparatorChar, '/');
            // What somebody else put into the folder is no object of ours.
            if (name.StartsWith(prefix, StringComparison.Ordinal) && ObjectName.IsName(name))
                yield return new ObjectName(name);
        }
    }

    private List<string> Files(string prefix)
    {
        try
        {
            RequireFolder();
            var slash = prefix.LastIndexOf('/');
            if (slash > 0 && !ObjectName.IsName(prefix[..slash]))
                return [];
            var start = slash > 0 ? Path.Combine(_folder, prefix[..slash]) : _folder;
            return Directory.Exists(start) ? [.. Directory.EnumerateFiles(start, "*", SearchOption.AllDirectories)] : [];
        }
        catch (Exception failure) when (IsOfStore(failure))
        {
            throw Unavailable("listed", failure);
        }
    }

    private static async Task<StoredObject> WriteAsync(ObjectName name, Stream content, string beside, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize, useAsync: true);
        var buffer = new byte[BufferSize];
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        file.Flush(flushToDisk: true);
        return new StoredObject(name, file.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    // Each level anew is a name in the folder above it.
    private string EnsureFolder(string path)
    {
        if (Directory.Exists(path))
            return path;
        var above = Path.GetDirectoryName(path)!;
        if (above.Length > _folder.Length)
            EnsureFolder(above);
        Directory.CreateDirectory(path);
        FinishedFile.SyncFolder(above);
        return path;
    }

    private void RequireFolder()
    {
        if (!Directory.Exists(_folder))
            throw new DirectoryNotFoundException($"{_folder} is not there.");
    }

    private string PathOf(ObjectName name) => Path.Combine(_folder, name.ToString());

    private GamekeeperException Unavailable(string what, Exception failure) =>
        new("storage.unavailable", $"The object store cannot be {what}: {failure.Message} See Gamekeeper:Storage:Folder.", failure);

    private static bool IsOfStore(Exception failure) => failure is IOException or UnauthorizedAccessException;

    // On a full or read-only disk the half-written file may have to stay; it is in nobody's way.
    private static void Discard(string beside)
    {
        try
        {
            File.Delete(beside);
        }
        catch (Exception failure) when (IsOfStore(failure))
        {
            // The caller is told of what went wrong before.
        }
    }
}
