using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

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
        await using var hashed = new HashedStream(raw, hash);
        await using var plain = await IsGzipAsync(cancellationToken) ? new GZipStream(hashed, CompressionMode.Decompress, leaveOpen: true) : (Stream)hashed;
        var cutter = new LineCutter(plain, MaxLineBytes);
        while (await NextAsync(cutter, cancellationToken) is { } line)
            yield return line;
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
            throw new GamekeeperException(
                "imports.file-unreadable",
                $"The compressed file is damaged after line {cutter.Line}. Pack it again and start an import under another name.",
                failure
            );
        }
    }

    private async Task<bool> IsGzipAsync(CancellationToken cancellationToken)
    {
        await using var stream = _open();
        var magic = new byte[2];
        return await stream.ReadAtLeastAsync(magic, 2, throwOnEndOfStream: false, cancellationToken) == 2 && magic is [0x1F, 0x8B];
    }

    /// <summary>Hashes what passes through it; the stream below stays its owner's.</summary>
    private sealed class HashedStream(Stream below, IncrementalHash hash) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await below.ReadAsync(buffer, cancellationToken);
            hash.AppendData(buffer.Span[..count]);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = below.Read(buffer, offset, count);
            hash.AppendData(buffer, offset, read);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
