using System.Runtime.CompilerServices;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>Does anything get slower because there are more cards, while the answer stays as long as it was?</summary>
internal sealed class Growth : IQuestion
{
    private const int TradesPerRun = 150;
    private const int CardsOfMint = 100;
    private const int MintsPerRun = 20;

    public string Name => "growth";

    public async IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BenchDatabase[] sizes = [.. databases.Smaller, databases.Full];
        var options = sizes[0].Options;
        var load = new Load(1, options.Duration / 2, options.WarmUp / 2);
        var trades = new Load(1, options.Duration, TimeSpan.Zero, TradesPerRun);
        var prepared = new Dictionary<BenchDatabase, (IReadOnlyList<Guid> Owners, Place Place, StagedOffers Offers)>();
        foreach (var size in sizes)
        {
            var owners = await size.PlayersAsync(size.Collectors, cancellationToken);
            var place = await PageAtDepth.PlaceAsync(size, cancellationToken);
            prepared[size] = (owners, place, await StagedOffers.PrepareAsync(size, TradesPerRun * (options.Rounds + 1), cancellationToken));
            await size.SettleAsync(cancellationToken);
        }
        yield return await MeasureAsync("profile by id", size => ProfileById.OursAsync(size, prepared[size].Owners, load, cancellationToken));
        yield return await MeasureAsync("collection of 200", size => CollectionOf200.OursAsync(size, prepared[size].Owners, load, cancellationToken));
        yield return await MeasureAsync("page of 50, deep down", size => PageAtDepth.OursAsync(size, prepared[size].Place, load, cancellationToken));
        yield return await MeasureAsync("accept a trade", size => AcceptTradeOf3For3.OursAsync(size, prepared[size].Offers, trades, cancellationToken));
        yield return await MeasureAsync(
            $"mint {CardsOfMint} cards",
            size => MintTenThousand.OursAsync(size, prepared[size].Owners[0], CardsOfMint, MintsPerRun, cancellationToken)
        );

        async Task<Line> MeasureAsync(string path, Func<BenchDatabase, Task<Run>> run)
        {
            var runs = await Interleaved.RunAsync(options.Rounds, [.. sizes.Select(size => (Func<int, Task<Run>>)(_ => run(size)))]);
            var slowest = runs.Skip(1).MaxBy(r => r.P50)!;
            return Line.Latency($"growth: {path}, {string.Join(", ", sizes.Select(s => $"{s.Cards:N0}"))} cards, the slowest", new(slowest, runs[0]), $"the same at {sizes[0].Cards:N0}", 1.5);
        }
    }
}
