using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.SummonersGrid.Players;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>What does a profile cost that is in the memory of the process, its key formed and its lease looked at?</summary>
internal sealed class FirstLevelHit : IQuestion
{
    // One hit is shorter than the clock's own step.
    private const int Together = 1_000;

    public string Name => "memory";

    public async IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = databases.Full;
        var options = database.Options;
        await using var node = new BenchNode(database, redis: null);
        await node.JoinAsync(cancellationToken);
        var players = await database.PlayersAsync(Enumerable.Range(1, 64), cancellationToken);
        var repository = node.Get<PlayerRepository>();
        foreach (var player in players)
            Found.Or(await repository.FindAsync(player, cancellationToken));
        var load = Load.Short(1, options);
        var before = node.Counts(SummonersGridCache.Profile);
        var reads = 0L;
        var runs = await Interleaved.RunAsync(options.Rounds, [async _ => await HitsAsync()]);
        Found.Exactly(reads, node.Counts(SummonersGridCache.Profile).FirstLevel - before.FirstLevel);
        yield return Line.Mean("profile from the memory of the process, 1 client", runs[0], atMostUs: 1);
        yield return Line.Allocation("the same, allocated beyond the value handed out", runs[0], atMost: 0);

        async Task<Run> HitsAsync()
        {
            GC.Collect();
            var samples = new List<Sample>();
            var allocated = 0L;
            for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < load.Duration; reads += Together)
            {
                // Nothing is waited for, so it stays on this thread.
                var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
                var begun = Stopwatch.GetTimestamp();
                for (var i = 0; i < Together; i++)
                    Found.Or(await repository.FindAsync(players[i & 63], cancellationToken));
                var ended = Stopwatch.GetTimestamp();
                allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
                samples.Add(new Sample(Stopwatch.GetElapsedTime(started, ended), Stopwatch.GetElapsedTime(begun, ended)));
            }
            return Run.Of(samples, load.WarmUp, (double)allocated / samples.Count).PerEach(Together);
        }
    }
}
