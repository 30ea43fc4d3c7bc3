using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gamekeeper.Integrity;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>
/// The bytes that are hashed and signed: format 1, never changed, only followed by a format 2. Integers are big-endian, ids are their
/// 16 big-endian bytes, text is its UTF-8 length (2 bytes) and bytes, instants are microseconds since 1970 (8 bytes), absent ids and
/// hashes are zeros. Everything that stands in the row is in the bytes, so that no column can be altered unseen.
/// </summary>
/// <remarks>The same is written for readers outside in docs/reference/ownership-format.md.</remarks>
public static class OwnershipFormat
{
    /// <summary>The first byte of everything hashed here.</summary>
    public const byte Version = 1;

    /// <summary>SHA-256 of one event.</summary>
    /// <param name="e">The event; its signature is not part of the bytes.</param>
    /// <param name="facts">What the card is (<see cref="FactsHash"/>): required for the first event, not used for later ones.</param>
    public static byte[] EventHash(OwnershipEvent e, byte[]? facts)
    {
        using var bytes = new HashedBytes();
        bytes.Byte(Version);
        bytes.Id(e.Id);
        bytes.Id(e.OperationId);
        bytes.Id(e.CardId);
        bytes.Int32(e.Position);
        bytes.Hash(e.PreviousHash);
        bytes.Id(e.PreviousOwnerId ?? Guid.Empty);
        bytes.Id(e.NewOwnerId);
        bytes.Text(e.Method);
        bytes.Instant(e.CreatedAt);
        bytes.Hash(DataHash(e.Data, e.DataSalt));
        bytes.Hash(e.Position == 1 ? facts : null);
        return bytes.Finish();
    }

    /// <summary>What the card is: its template and, for a procedural one, its own numbers. Covered by the first event.</summary>
    public static byte[] FactsHash(string templateId, string? uniqueStats)
    {
        using var bytes = new HashedBytes();
        bytes.Byte(Version);
        bytes.Text(templateId);
        bytes.Hash(uniqueStats is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Of(uniqueStats))));
        return bytes.Finish();
    }

    /// <summary>
    /// Salted SHA-256 of an event's free data in canonical JSON; null without data. A salt without data, which nobody writes, is
    /// hashed too, so that it cannot be slipped in.
    /// </summary>
    public static byte[]? DataHash(string? data, byte[]? salt) =>
        data is null && salt is null
            ? null
            : SHA256.HashData([.. salt ?? [], .. data is null ? [] : Encoding.UTF8.GetBytes(CanonicalJson.Of(data))]);

    /// <summary>What the signature of an operation is over.</summary>
    public static byte[] OperationBytes(OwnershipOperation o)
    {
        using var stream = new MemoryStream(160);
        using var bytes = new HashedBytes(stream);
        bytes.Byte(Version);
        bytes.Id(o.Id);
        bytes.Int64(o.Sequence);
        bytes.Text(o.Kind);
        bytes.Int32(o.EventCount);
        bytes.Hash(o.EventsRoot);
        bytes.Id(o.ActorId ?? Guid.Empty);
        bytes.Text(o.ActorKind);
        bytes.Instant(o.CreatedAt);
        bytes.Text(o.KeyId);
        return stream.ToArray();
    }

    /// <summary>Appends the primitive forms, to a hash or to a buffer.</summary>
    private sealed class HashedBytes(Stream? buffer = null) : IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public void Byte(byte value) => Append([value]);

        public void Id(Guid value)
        {
            Span<byte> bytes = stackalloc byte[16];
            value.TryWriteBytes(bytes, bigEndian: true, out _);
            Append(bytes);
        }

        public void Int32(int value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            Append(bytes);
        }

        public void Int64(long value)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
            Append(bytes);
        }

        public void Instant(DateTimeOffset value) => Int64((value.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);

        public void Text(string value)
        {
            var utf8 = Encoding.UTF8.GetBytes(value);
            Span<byte> length = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)utf8.Length);
            Append(length);
            Append(utf8);
        }

        public void Hash(byte[]? value)
        {
            Span<byte> none = stackalloc byte[32];
            none.Clear();
            Append(value ?? none);
        }

        public byte[] Finish() => _hash.GetHashAndReset();

        public void Dispose() => _hash.Dispose();

        private void Append(ReadOnlySpan<byte> bytes)
        {
            if (buffer is null)
                _hash.AppendData(bytes);
            else
                buffer.Write(bytes);
        }
    }
}
