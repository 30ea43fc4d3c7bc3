namespace Gamekeeper.Simulation.Reads.Playing;

/// <summary>
/// Lets so many go a second, whoever they are. What was not gone in time is not made up for: after a stand-still nobody storms.
/// </summary>
internal sealed class Pace(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private double _next;
    private double _between = 1;

    public void Set(double aSecond)
    {
        lock (_lock)
            _between = clock.TimestampFrequency / aSecond;
    }

    public Task TurnAsync(CancellationToken cancellationToken)
    {
        double wait;
        lock (_lock)
        {
            var now = (double)clock.GetTimestamp();
            _next = Math.Max(_next, now - (_between * 2)) + _between;
            wait = (_next - now) / clock.TimestampFrequency;
        }
        // A timer is no finer than a millisecond or so.
        return wait < 0.001 ? Task.CompletedTask : Task.Delay(TimeSpan.FromSeconds(wait), clock, cancellationToken);
    }
}
