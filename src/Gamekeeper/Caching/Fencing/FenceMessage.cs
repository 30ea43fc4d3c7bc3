using System.Buffers.Binary;
using System.Text;

namespace Gamekeeper.Caching.Fencing;

/// <summary>"These values are old": what a writer publishes to all nodes.</summary>
/// <param name="Writer">To whom acknowledgements go.</param>
/// <param name="Number">The writer's own number of it.</param>
/// <param name="Keys">Without epochs: each node drops them whatever epoch it is in.</param>
internal sealed record FenceMessage(Guid Writer, long Number, IReadOnlyCollection<string> Keys)
{
    private const char KeyEnd = '\x1f';

    public byte[] ToBytes()
    {
        var keys = string.Join(KeyEnd, Keys);
        var bytes = new byte[24 + Encoding.UTF8.GetByteCount(keys)];
        Writer.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), Number);
        Encoding.UTF8.GetBytes(keys, bytes.AsSpan(24));
        return bytes;
    }

    /// <summary>Null when it is none of ours.</summary>
    public static FenceMessage? Parse(ReadOnlySpan<byte> bytes) =>
        bytes.Length < 24
            ? null
            : new(
                new Guid(bytes[..16]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
                Encoding.UTF8.GetString(bytes[24..]).Split(KeyEnd, StringSplitOptions.RemoveEmptyEntries)
            );
}

/// <summary>"I have dropped them": what a node answers to the writer.</summary>
/// <param name="Node">Who.</param>
/// <param name="Number">The writer's number.</param>
/// <param name="Epoch">The epoch that this node has adopted: in which its next loads will publish.</param>
internal readonly record struct FenceAnswer(Guid Node, long Number, long Epoch)
{
    private const int Length = 32;

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        Node.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), Epoch);
        return bytes;
    }

    public static bool TryParse(ReadOnlySpan<byte> bytes, out FenceAnswer answer)
    {
        var isOurs = bytes.Length == Length;
        answer = isOurs
            ? new(new Guid(bytes[..16]), BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]))
            : default;
        return isOurs;
    }
}
