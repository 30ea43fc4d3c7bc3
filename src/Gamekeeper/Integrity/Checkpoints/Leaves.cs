using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Gamekeeper.Storage;

namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>
/// The rows that a checkpoint covers, as an object: gzip over lines of table, number, key and hash with a tab between, in the order in which
/// the roots are made. Lets a missing row be named, and a root be made again without the database.
/// </summary>
internal static class Leaves
{
    /// <summary>The lines of one object.</summary>
    /// <exception cref="InvalidDataException">It is not such an object.</exception>
    public static async IAsyncEnumerable<(string Source, CheckpointLeaf Leaf)> ReadAsync(
        Stream content,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var zip = new GZipStream(content, CompressionMode.Decompress, leaveOpen: true);
        using var reader = new StreamReader(zip, Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var parts = line.Split('\t');
            var hash = new byte[SHA256.HashSizeInBytes];
            if (parts.Length != 4
                || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || parts[3].Length != 2 * hash.Length
                || Convert.FromHexString(parts[3], hash, out _, out _) != System.Buffers.OperationStatus.Done)
                throw new InvalidDataException("A line is not table, number, key and hash.");
            yield return (parts[0], new(number, parts[2], hash));
        }
    }
}

/// <summary>Writes them to a file of its own first: an object is put whole, and a row more than fits into memory is no reason to fail.</summary>
internal sealed class LeavesFile : IAsyncDisposable
{
    private readonly FileStream _file;
    private StreamWriter? _writer;
    private long _rows;

    public LeavesFile()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            BufferSize = 1 << 16,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new FileStream(Path.Combine(Path.GetTempPath(), $"gamekeeper-{RandomNumberGenerator.GetHexString(24, lowercase: true)}.leaves"), options);
        _writer = new StreamWriter(new GZipStream(_file, CompressionLevel.Optimal, leaveOpen: true), new UTF8Encoding(false), 1 << 15);
    }

    public async ValueTask AddAsync(string source, CheckpointLeaf leaf)
    {
        await _writer!.WriteAsync($"{source}\t{leaf.Number}\t{leaf.Key}\t{Convert.ToHexStringLower(leaf.Hash)}\n");
        _rows++;
    }

    /// <summary>Puts what was added; null when that was nothing. The name carries the content's hash, so that an attempt that came to nothing is in nobody's way.</summary>
    public async Task<LeavesReference?> PutAsync(IObjectStore store, long number, CancellationToken cancellationToken)
    {
        await _writer!.DisposeAsync();
        _writer = null;
        if (_rows == 0)
            return null;
        _file.Position = 0;
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(_file, cancellationToken));
        var name = $"{SignedCheckpoint.Prefix}{number:00000000}.{sha256[..16]}.leaves.gz";
        _file.Position = 0;
        if (await store.PutAsync(new ObjectName(name), _file, cancellationToken) is PutOutcome.TakenByAnother)
            throw new GamekeeperException("integrity.checkpoint-object-altered", $"{store.Where} holds {name} with another content than its name says; somebody altered it.");
        return new LeavesReference(name, _file.Length, sha256);
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
            await _writer.DisposeAsync();
        await _file.DisposeAsync();
    }
}
