using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Gamekeeper.Integrity.Checkpoints;

namespace Gamekeeper.Tests.Integrity.Checkpoints;

/// <summary>What a cut asks of its table, with a table that is none.</summary>
public sealed class CutSourceTests
{
    private static readonly SourceCut Waiting = SourceCut.None("x.y") with { Through = 100, Total = 99, Open = [new(7, 7)], WaitsFor = ["3/42"] };

    [Theory]
    [InlineData("3/42", true)]
    [InlineData("4/1", false)]
    // What was 3/42 and was prepared, after the server was started again.
    [InlineData("-1/733", true)]
    public async Task A_number_is_given_up_only_when_whoever_took_it_has_ended(string writer, bool waits)
    {
        var cut = await RunAsync(new Table([], [writer]), Waiting);
        cut.Open.ShouldBe(waits ? [new(7, 7)] : []);
    }

    [Fact]
    public async Task Many_open_numbers_are_a_few_reads()
    {
        // Of 2000 numbers every other one was seen, and a late one has come since.
        NumberRange[] open = [.. Enumerable.Range(0, 1000).Select(n => new NumberRange((2 * n) + 1, (2 * n) + 1))];
        var table = new Table([.. Enumerable.Range(1, 2000).Select(n => (long)n).Where(n => n % 2 == 0 || n == 777)], ["3/42"]);
        var cut = await RunAsync(table, SourceCut.None("x.y") with { Through = 2000, Total = 1000, Open = open, WaitsFor = ["3/42"] });
        cut.Covered.ShouldBe([new(777, 777)]);
        cut.Total.ShouldBe(1001);
        cut.Open.Count.ShouldBe(999);
        table.Reads.ShouldBeLessThan(5);
    }

    private static async Task<SourceCut> RunAsync(Table table, SourceCut before)
    {
        await using var leaves = new LeavesFile();
        return (await new CutSource(table, leaves, maxRows: 1000).RunAsync(before, CancellationToken.None)).Cut;
    }

    private sealed class Table(IReadOnlyList<long> numbers, IReadOnlyList<string> writers) : ICheckpointSource
    {
        public string Name => "x.y";

        public int Reads { get; private set; }

        public async IAsyncEnumerable<CheckpointLeaf> ReadAsync(long after, long through, long? limit, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Reads++;
            await Task.CompletedTask;
            foreach (var number in numbers.Where(n => n > after && n <= through).Take((int)(limit ?? int.MaxValue)))
                yield return new(number, $"{number}", SHA256.HashData(BitConverter.GetBytes(number)));
        }

        public Task<IReadOnlyList<string>> WritersAsync(CancellationToken cancellationToken) => Task.FromResult(writers);
    }
}
