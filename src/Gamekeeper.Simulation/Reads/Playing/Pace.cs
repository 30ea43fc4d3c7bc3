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
    private bool _isHeld;

    /// <summary>Another pace from now on, for those, too, who wait for their turn already.</summary>
    public void Set(double aSecond, int number) =>
        Change(() => (_between, _left, _next) = (clock.TimestampFrequency / aSecond, number, 0));

    /// <summary>Nobody goes until released.</summary>
    public void Hold() => Change(() => _isHeld = true);

    // Whoever had a turn takes a new one: the old ones count no more.
    public void Release() => Change(() => (_isHeld, _next) = (false, 0));

    public async Task TurnAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var wait = Next(out var changed);
            if (wait == TimeSpan.Zero)
                return;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(changed, cancellationToken);
            await Task.Delay(wait, clock, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!changed.IsCancellationRequested)
                return;
        }
    }

    // How long until the turn that was taken; without end while held.
    private TimeSpan Next(out CancellationToken changed)
    {
        lock (_lock)
        {
            changed = _changed.Token;
            if (_isHeld)
                return Timeout.InfiniteTimeSpan;
            var now = (double)clock.GetTimestamp();
            _left = Math.Max(0, _left - 1);
            _next = Math.Max(_next, now - (_between * 2)) + (_left == 0 ? _between * Slower : _between);
            var wait = TimeSpan.FromSeconds(Math.Max(0, (_next - now) / clock.TimestampFrequency));
            // A timer is no finer than a millisecond or so.
            return wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.Zero : wait;
        }
    }

    private void Change(Action change)
    {
        CancellationTokenSource before;
        lock (_lock)
        {
            change();
            (before, _changed) = (_changed, new CancellationTokenSource());
        }
        before.Cancel();
        before.Dispose();
    }

    public void Dispose() => _changed.Dispose();
}
