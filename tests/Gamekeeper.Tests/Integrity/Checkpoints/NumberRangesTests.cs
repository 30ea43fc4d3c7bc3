using FsCheck;
using FsCheck.Fluent;
using Gamekeeper.Integrity;
using Gamekeeper.Integrity.Checkpoints;
using System.Security.Cryptography;

namespace Gamekeeper.Tests.Integrity.Checkpoints;

public sealed class NumberRangesTests
{
    [Fact]
    public void Ranges_and_their_gaps_are_all_numbers_and_none_twice() =>
        Prop.ForAll(
                Gen.Choose(1, 40).ListOf().ToArbitrary(),
                list =>
                {
                    var numbers = list.Select(n => (long)n).Distinct().Order().ToList();
                    var ranges = new NumberRanges();
                    numbers.ForEach(ranges.Add);
                    var gaps = NumberRanges.Gaps(new(1, 40), ranges.All).ToList();
                    Numbers(ranges.All).ShouldBe(numbers);
                    Numbers(ranges.All).Concat(Numbers(gaps)).Order().ShouldBe(Numbers([new(1, 40)]));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Spans_hold_every_range_and_leave_out_what_is_far_between()
    {
        NumberRange[] ranges = [new(1, 5), new(7, 7), new(30, 31), new(41, 50)];
        NumberRanges.Spans(ranges, closerThan: 10).ShouldBe([new(1, 7), new(30, 50)]);
        NumberRanges.Spans([]).ShouldBeEmpty();
    }

    [Fact]
    public void A_root_made_hash_by_hash_is_the_tree_s()
    {
        for (var count = 1; count <= 130; count++)
        {
            var hashes = Enumerable.Range(0, count).Select(i => SHA256.HashData(BitConverter.GetBytes(i))).OrderBy(Convert.ToHexString, StringComparer.Ordinal).ToList();
            var root = new MerkleRoot();
            hashes.ForEach(h => root.Add(h));
            root.Count.ShouldBe(count);
            root.Finish().ShouldBe(MerkleTree.Root(hashes));
        }
    }

    private static IEnumerable<long> Numbers(IEnumerable<NumberRange> ranges) =>
        ranges.SelectMany(r => Enumerable.Range((int)r.First, (int)(r.Last - r.First + 1)).Select(n => (long)n));
}
