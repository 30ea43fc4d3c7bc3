using System.Buffers;
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
    public static byte[] EventHash(OwnershipEvent e, byte[]? facts) => EventHash(e, facts, DataHash(e.Data, e.DataSalt));

    /// <summary>The same where the data has been hashed already.</summary>
    internal static byte[] EventHash(OwnershipEvent e, byte[]? facts, byte[]? dataHash)
    {
        var bytes = new Spelling();
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
        bytes.Hash(dataHash);
        bytes.Hash(e.Position == 1 ? facts : null);
        return bytes.Sha256();
    }

    /// <summary>What the card is: its template and, for a procedural one, its own numbers. Covered by the first event.</summary>
    public static byte[] FactsHash(string templateId, string? uniqueStats)
    {
        var bytes = new Spelling();
        bytes.Byte(Version);
        bytes.Text(templateId);
        bytes.Hash(uniqueStats is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Of(uniqueStats))));
        return bytes.Sha256();
    }

    /// <summary>
    /// Salted SHA-256 of an event's free data in canonical JSON; null without data. A salt without data, which nobody writes, is
    /// hashed too, so that it cannot be slipped in.
    /// </summary>
    public static byte[]? DataHash(string? data, byte[]? salt) =>
        data is null && salt is null
            ? null
            : DataHash(data is null ? [] : Encoding.UTF8.GetBytes(CanonicalJson.Of(data)), salt);

    /// <summary>The same of data whose canonical spelling is known.</summary>
    internal static byte[] DataHash(byte[] canonical, byte[]? salt) => SHA256.HashData([.. salt ?? [], .. canonical]);

    /// <summary>What the signature of an operation is over.</summary>
    public static byte[] OperationBytes(OwnershipOperation o)
    {
        var bytes = new Spelling();
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
        return bytes.ToArray();
    }

    /// <summary>Puts the primitive forms one behind the other. Hashed in one go at the end: each piece by itself would cost a call into the system.</summary>
    private readonly struct Spelling()
    {
        private readonly ArrayBufferWriter<byte> _bytes = new(512);

        public void Byte(byte value) => _bytes.Write([value]);

        public void Id(Guid value)
        {
            value.TryWriteBytes(_bytes.GetSpan(16), bigEndian: true, out var written);
            _bytes.Advance(written);
        }

        public void Int32(int value)
        {
            BinaryPrimitives.WriteInt32BigEndian(_bytes.GetSpan(sizeof(int)), value);
            _bytes.Advance(sizeof(int));
        }

        public void Int64(long value)
        {
            BinaryPrimitives.WriteInt64BigEndian(_bytes.GetSpan(sizeof(long)), value);
            _bytes.Advance(sizeof(long));
        }

        public void Instant(DateTimeOffset value) => Int64((value.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);

        public void Text(string value)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_bytes.GetSpan(sizeof(ushort)), (ushort)Encoding.UTF8.GetByteCount(value));
            _bytes.Advance(sizeof(ushort));
            Encoding.UTF8.GetBytes(value, _bytes);
        }

        public void Hash(byte[]? value)
        {
            if (value is not null)
            {
                _bytes.Write(value);
                return;
            }
            _bytes.GetSpan(SHA256.HashSizeInBytes)[..SHA256.HashSizeInBytes].Clear();
            _bytes.Advance(SHA256.HashSizeInBytes);
        }

        public byte[] Sha256() => SHA256.HashData(_bytes.WrittenSpan);

        public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
    }
}
