namespace Gamekeeper.Simulation.Reads.Playing;

/// <summary>
/// Lets so many go a second, whoever they are. What was not gone in time is not made up for: after a stand-still nobody storms. Once a
/// stretch has had its number, and only waits for its fault to end, a quarter goes on.
/// </summary>
internal sealed class Pace(TimeProvider clock)
{
    private const int Slower = 4;

    private readonly Lock _lock = new();
    private double _next;
    private double _between = 1;
    private int _left;

    public void Set(double aSecond, int number)
    {
        lock (_lock)
            (_between, _left) = (clock.TimestampFrequency / aSecond, number);
    }

    public Task TurnAsync(CancellationToken cancellationToken)
    {
        double wait;
        lock (_lock)
        {
            var now = (double)clock.GetTimestamp();
            _left = Math.Max(0, _left - 1);
            _next = Math.Max(_next, now - (_between * 2)) + (_left == 0 ? _between * Slower : _between);
            wait = (_next - now) / clock.TimestampFrequency;
        }
        // A timer is no finer than a millisecond or so.
        return wait < 0.001 ? Task.CompletedTask : Task.Delay(TimeSpan.FromSeconds(wait), clock, cancellationToken);
    }
}
