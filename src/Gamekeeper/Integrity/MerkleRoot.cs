using System.Security.Cryptography;

namespace Gamekeeper.Integrity;

/// <summary>
/// The root of a <see cref="MerkleTree"/> over hashes in the order in which they are added, whatever their number: it holds one node a level.
/// The shape is that of RFC 6962: a node without a sibling moves up as it is.
/// </summary>
internal sealed class MerkleRoot
{
    // One complete subtree for each bit of the count, the largest first.
    private readonly List<byte[]> _subtrees = [];

    public long Count { get; private set; }

    public void Add(ReadOnlySpan<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[1 + SHA256.HashSizeInBytes];
        bytes[0] = 0;
        hash.CopyTo(bytes[1..]);
        _subtrees.Add(SHA256.HashData(bytes));
        for (var full = Count; (full & 1) == 1; full >>= 1)
            Join();
        Count++;
    }

    /// <summary>The root over all that was added, which is at least one; nothing can be added afterwards.</summary>
    public byte[] Finish()
    {
        while (_subtrees.Count > 1)
            Join();
        return _subtrees[0];
    }

    private void Join()
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * SHA256.HashSizeInBytes)];
        bytes[0] = 1;
        _subtrees[^2].CopyTo(bytes[1..]);
        _subtrees[^1].CopyTo(bytes[(1 + SHA256.HashSizeInBytes)..]);
        _subtrees.RemoveAt(_subtrees.Count - 1);
        _subtrees[^1] = SHA256.HashData(bytes);
    }
}
