using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Gamekeeper.Integrity;

namespace Gamekeeper.Tests.Integrity;

public sealed class MerkleTreeTests
{
    [Fact]
    public void Every_hash_has_a_path_to_the_root_and_no_other_hash_fits_it() =>
        Prop.ForAll(
                Gen.Choose(1, 70).ToArbitrary(),
                count =>
                {
                    var hashes = Hashes(count);
                    var root = MerkleTree.Root(hashes);
                    foreach (var hash in hashes)
                    {
                        var path = MerkleTree.Path(hashes, hash);
                        MerkleTree.RootOf(hash, path).ShouldBe(root);
                        MerkleTree.RootOf(SHA256.HashData(hash), path).ShouldNotBe(root);
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_in_which_hashes_come_does_not_matter()
    {
        var hashes = Hashes(13);
        MerkleTree.Root(hashes.Reverse()).ShouldBe(MerkleTree.Root(hashes));
    }

    [Fact]
    public void One_hash_more_or_less_gives_another_root()
    {
        var hashes = Hashes(8);
        MerkleTree.Root(hashes.Take(7)).ShouldNotBe(MerkleTree.Root(hashes));
        MerkleTree.Root(hashes.Append(hashes[^1])).ShouldNotBe(MerkleTree.Root(hashes));
    }

    [Fact]
    public void A_node_cannot_pass_as_a_leaf()
    {
        var hashes = Hashes(2);
        var inner = MerkleTree.Root(hashes);
        MerkleTree.Root([inner]).ShouldNotBe(inner);
    }

    [Fact]
    public void A_tree_without_hashes_is_refused() => Should.Throw<ArgumentException>(() => MerkleTree.Root([]));

    private static byte[][] Hashes(int count) => [.. Enumerable.Range(0, count).Select(i => SHA256.HashData(BitConverter.GetBytes(i)))];
}
