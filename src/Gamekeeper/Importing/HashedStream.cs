using System.Security.Cryptography;

namespace Gamekeeper.Importing;

/// <summary>Hashes what passes through it, and gives a few bytes more behind its end, which are not hashed. The stream below stays its owner's.</summary>
internal sealed class HashedStream(Stream below, IncrementalHash hash, byte[] more) : Stream
{
    private int _given;

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
        return count > 0 ? count : More(buffer.Span);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = below.Read(buffer, offset, count);
        hash.AppendData(buffer, offset, read);
        return read > 0 ? read : More(buffer.AsSpan(offset, count));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int More(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, more.Length - _given);
        more.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }
}
