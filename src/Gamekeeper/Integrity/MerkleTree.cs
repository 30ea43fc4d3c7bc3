using System.Security.Cryptography;

namespace Gamekeeper.Integrity;

/// <summary>
/// A Merkle tree over hashes, so that one signature covers many of them and each can be shown to be covered without the others.
/// A leaf is SHA-256 of 0x00 and the hash, a node SHA-256 of 0x01 and its two children (the separation of RFC 6962), and a node
/// without a sibling moves up as it is. Leaves are sorted, so that the order in which rows come back does not matter.
/// </summary>
public static class MerkleTree
{
    /// <summary>The root over these hashes, 32 bytes each; at least one.</summary>
    public static byte[] Root(IEnumerable<byte[]> hashes)
    {
        var level = Leaves(hashes);
        while (level.Count > 1)
            level = Parents(level);
        return level[0];
    }

    /// <summary>The path from one of the hashes to the root: at each level the sibling and the side it stands on.</summary>
    /// <exception cref="ArgumentException">The hash is not among them.</exception>
    public static IReadOnlyList<MerkleStep> Path(IEnumerable<byte[]> hashes, byte[] of)
    {
        var level = Leaves(hashes);
        var leaf = Leaf(of);
        var index = level.FindIndex(h => h.AsSpan().SequenceEqual(leaf));
        if (index < 0)
            throw new ArgumentException("The hash is not one of the tree's.", nameof(of));
        var path = new List<MerkleStep>();
        while (level.Count > 1)
        {
            var sibling = index ^ 1;
            if (sibling < level.Count)
                path.Add(new MerkleStep(sibling < index, level[sibling]));
            level = Parents(level);
            index /= 2;
        }
        return path;
    }

    /// <summary>The root that a hash and its path lead to.</summary>
    public static byte[] RootOf(byte[] hash, IEnumerable<MerkleStep> path) =>
        path.Aggregate(Leaf(hash), (node, step) => step.IsLeft ? Node(step.Hash, node) : Node(node, step.Hash));

    private static List<byte[]> Leaves(IEnumerable<byte[]> hashes)
    {
        var leaves = hashes.OrderBy(h => h, BytewiseComparer).Select(Leaf).ToList();
        return leaves.Count > 0 ? leaves : throw new ArgumentException("A tree has at least one hash.", nameof(hashes));
    }

    private static List<byte[]> Parents(List<byte[]> level)
    {
        var parents = new List<byte[]>((level.Count + 1) / 2);
        for (var i = 0; i < level.Count; i += 2)
            parents.Add(i + 1 < level.Count ? Node(level[i], level[i + 1]) : level[i]);
        return parents;
    }

    private static byte[] Leaf(byte[] hash) => SHA256.HashData([0, .. hash]);

    private static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([1, .. left, .. right]);

    private static readonly Comparer<byte[]> BytewiseComparer = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));
}

/// <summary>One level of a path through a Merkle tree.</summary>
/// <param name="IsLeft">True when the sibling stands on the left.</param>
/// <param name="Hash">The sibling, 32 bytes.</param>
public readonly record struct MerkleStep(bool IsLeft, byte[] Hash);
