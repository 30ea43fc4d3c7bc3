using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gamekeeper.Importing;

/// <summary>How far an import got, durably.</summary>
public sealed record ImportState
{
    /// <summary>What is imported, such as <c>summoners_grid.players</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The operator's label.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the file, 32 bytes.</summary>
    public required byte[] FileHash { get; init; }

    /// <summary>Lines of one transaction; stays what it was when the import was first started.</summary>
    public required int ChunkLines { get; init; }

    /// <summary>Lines that are done, blank ones included.</summary>
    public required long Lines { get; init; }

    /// <summary>Records that were imported.</summary>
    public required long Taken { get; init; }

    /// <summary>Records that were refused.</summary>
    public required long Refused { get; init; }

    /// <summary>First start.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When its last line was done; null before.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>
    /// An id for a record that brings none: a version 7 id of the time when the import was first started that grows with the line, the
    /// same whenever the line is read again.
    /// </summary>
    public Guid IdOf(long line)
    {
        var seed = SHA256.HashData([.. FileHash, .. Encoding.UTF8.GetBytes($"{Kind}/{Name}/{line}")]);
        var bytes = seed.AsSpan(0, 16);
        BinaryPrimitives.WriteInt64BigEndian(bytes, StartedAt.ToUnixTimeMilliseconds() << 16 | (line >> 24 & 0xFFF));
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], (int)(line & 0xFFFFFF) << 6);
        // What the shift by six left free at the lower end of the four bytes, the hash fills again.
        bytes[11] |= (byte)(seed[31] & 0x3F);
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x70);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
