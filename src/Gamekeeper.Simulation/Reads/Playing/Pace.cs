namespace Gamekeeper.Simulation.Reads.Playing;

/// <summary>
/// Lets so many go a second, whoever they are. What was not gone in time is not made up for: after a stand-still nobody storms. Once a
/// stretch has had its number, and only waits for its fault to end, a quarter goes on.
/// </summary>
internal sealed class Pace(TimeProvider clock) : IDisposable
{
    private const int Slower = 4;

    private readonly Lock _lock = new();
    private CancellationTokenSource _changed = new();
    private double _next;
    private double _between = 1;
    private int _left;

    /// <summary>Another pace from now on, for those, too, who wait for their turn already.</summary>
    public void Set(double aSecond, int number)
    {
        CancellationTokenSource before;
        lock (_lock)
        {
            (_between, _left, _next) = (clock.TimestampFrequency / aSecond, number, 0);
            (before, _changed) = (_changed, new CancellationTokenSource());
        }
        before.Cancel();
        before.Dispose();
    }

    public async Task TurnAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            double wait;
            CancellationToken changed;
            lock (_lock)
            {
                var now = (double)clock.GetTimestamp();
                _left = Math.Max(0, _left - 1);
                _next = Math.Max(_next, now - (_between * 2)) + (_left == 0 ? _between * Slower : _between);
                wait = (_next - now) / clock.TimestampFrequency;
                changed = _changed.Token;
            }
            // A timer is no finer than a millisecond or so.
            if (wait < 0.001)
                return;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(changed, cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(wait), clock, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!changed.IsCancellationRequested)
                return;
        }
    }

    public void Dispose() => _changed.Dispose();
}
