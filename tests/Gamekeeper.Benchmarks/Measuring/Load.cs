using System.Diagnostics;

namespace Gamekeeper.Benchmarks.Measuring;

/// <summary>How a side is driven: so many callers, each with the next operation as soon as the last is answered.</summary>
/// <param name="Clients">Callers at once, on a connection each.</param>
/// <param name="Duration">How long; ignored where the number of operations is given.</param>
/// <param name="WarmUp">Not counted.</param>
/// <param name="PerClient">Operations of each caller; null runs for the duration.</param>
internal sealed record Load(int Clients, TimeSpan Duration, TimeSpan WarmUp, int? PerClient = null)
{
    /// <summary>Half as long: for paths that answer so often that a second says enough.</summary>
    public static Load Short(int clients, BenchOptions options) => new(clients, options.Duration / 2, options.WarmUp / 2);

    /// <summary>Drives our side.</summary>
    /// <param name="operation">One operation; gets the caller's number and how many it has done before in this run.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <param name="before">What its caller does before each operation; counts in no latency.</param>
    public async Task<Run> DriveAsync(
        Func<int, int, CancellationToken, Task> operation,
        CancellationToken cancellationToken,
        Func<int, int, CancellationToken, Task>? before = null
    )
    {
        var samples = Enumerable.Range(0, Clients).Select(_ => new List<Sample>(4096)).ToArray();
        GC.Collect();
        var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => CallAsync(client), cancellationToken)));
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        var all = samples.SelectMany(s => s).ToList();
        return Run.Of(all, WarmUp, (double)allocated / all.Count);

        async Task CallAsync(int client)
        {
            for (var i = 0; PerClient is { } most ? i < most : Stopwatch.GetElapsedTime(started) < Duration; i++)
            {
                if (before is not null)
                    await before(client, i, cancellationToken);
                var begun = Stopwatch.GetTimestamp();
                await operation(client, i, cancellationToken);
                var ended = Stopwatch.GetTimestamp();
                samples[client].Add(new Sample(Stopwatch.GetElapsedTime(started, ended), Stopwatch.GetElapsedTime(begun, ended)));
            }
        }
    }
}
