using System.Collections.Concurrent;
using System.Diagnostics;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Caching.Fencing;
using Gamekeeper.Transactions;

namespace Gamekeeper.Benchmarks.Volume;

/// <summary>
/// Measures what passes between the moment the writer hears of its commit and the moment it has heard from every node that the old value
/// is gone. The nodes have dropped it a message's way earlier, so this is a little more than the truth.
/// </summary>
internal sealed class TimedFence(CommitFence fence) : ICommitFence
{
    private readonly ConcurrentQueue<Sample> _samples = new();
    private long _since = Stopwatch.GetTimestamp();

    /// <summary>Everything since it was last asked for.</summary>
    public IReadOnlyList<Sample> Take()
    {
        Sample[] taken = [.. _samples];
        _samples.Clear();
        _since = Stopwatch.GetTimestamp();
        return taken;
    }

    public async Task AfterCommitAsync(string invalidated, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await fence.AfterCommitAsync(invalidated, cancellationToken);
        _samples.Enqueue(new Sample(Stopwatch.GetElapsedTime(_since), Stopwatch.GetElapsedTime(started)));
    }

    public Task BeforeReplayAsync(CancellationToken cancellationToken) => fence.BeforeReplayAsync(cancellationToken);
}
