using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Gamekeeper.Importing;

/// <summary>
/// A file of records, one JSON object a line, plain or gzipped; read line by line, however long it is. It is read twice: once for its
/// hash, which says whether a started import is of this file, and once for its records.
/// </summary>
public sealed class ImportFile
{
    /// <summary>The longest line, in bytes; a longer one is a refused record and is never held.</summary>
    public const int MaxLineBytes = 64 * 1024;

    private readonly Func<Stream> _open;

    private ImportFile(Func<Stream> open, byte[] hash) => (_open, Hash) = (open, hash);

    /// <summary>SHA-256 of the bytes as they lie there.</summary>
    public byte[] Hash { get; }

    /// <summary>Reads the file once, for its hash.</summary>
    /// <param name="open">Gives the same bytes from their beginning each time.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<ImportFile> OpenAsync(Func<Stream> open, CancellationToken cancellationToken = default)
    {
        await using var stream = open();
        return new ImportFile(open, await SHA256.HashDataAsync(stream, cancellationToken));
    }

    /// <summary>All lines but empty ones.</summary>
    /// <exception cref="GamekeeperException">
    /// <c>imports.file-unreadable</c>: damaged gzip. <c>imports.file-changed</c>: at the end, when it is no longer the file that was hashed.
    /// </exception>
    internal async IAsyncEnumerable<ImportLine> LinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var raw = _open();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Of a packed file that was cut off, the framework gives what is there and then says that this was the end. So a last line of
        // our own is packed behind it, which comes out only where the file itself came to its end.
        var last = await IsGzipAsync(cancellationToken) ? Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(32)) : null;
        await using var hashed = new HashedStream(raw, hash, last is null ? [] : Packed(last));
        await using var plain = last is null ? (Stream)hashed : new GZipStream(hashed, CompressionMode.Decompress, leaveOpen: true);
        var cutter = new LineCutter(plain, MaxLineBytes);
        var whole = last is null;
        while (!(whole && last is not null) && await NextAsync(cutter, cancellationToken) is { } line)
        {
            if (last is not null && line.Bytes.AsSpan().SequenceEqual(last))
                whole = true;
            else
                yield return line;
        }
        if (!whole)
            throw Unreadable(cutter, failure: null);
        await hashed.CopyToAsync(Stream.Null, cancellationToken);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(Hash))
            throw new GamekeeperException("imports.file-changed", "The file was changed while it was read. Start the import again with a file that nobody writes to.");
    }

    private static async ValueTask<ImportLine?> NextAsync(LineCutter cutter, CancellationToken cancellationToken)
    {
        try
        {
            return await cutter.NextAsync(cancellationToken);
        }
        catch (InvalidDataException failure)
        {
            throw Unreadable(cutter, failure);
        }
    }

    private static GamekeeperException Unreadable(LineCutter cutter, Exception? failure) =>
        new(
            "imports.file-unreadable",
            $"The compressed file is damaged or cut off after line {cutter.Line}. Pack it again and start an import under another name.",
            failure
        );

    private static byte[] Packed(byte[] line)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest))
            zip.Write([(byte)'\n', .. line, (byte)'\n']);
        return packed.ToArray();
    }

    private async Task<bool> IsGzipAsync(CancellationToken cancellationToken)
    {
        await using var stream = _open();
        var magic = new byte[2];
        return await stream.ReadAtLeastAsync(magic, 2, throwOnEndOfStream: false, cancellationToken) == 2 && magic is [0x1F, 0x8B];
    }
}
