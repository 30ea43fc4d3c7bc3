using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Checking;

/// <summary>
/// The writes of one subject as steps in time. They have one order, since one begins after the one before it has ended: the last one that
/// was acknowledged by a moment is also the highest.
/// </summary>
internal sealed class SubjectTimeline
{
    private readonly long[] _began;
    private readonly Written[] _writes;
    private readonly Written[] _acknowledged;
    private readonly long[] _acknowledgedAt;

    public SubjectTimeline(IReadOnlyList<Written> writes)
    {
        _writes = [.. writes];
        _began = [.. writes.Select(w => w.Began)];
        _acknowledged = [.. writes.Where(w => w.Acknowledged != long.MaxValue)];
        _acknowledgedAt = [.. _acknowledged.Select(w => w.Acknowledged)];
    }

    /// <summary>The highest value that anybody had begun to write; 0 before the first.</summary>
    public int BegunBy(long moment) => Count(_began, moment, includingIt: true) is > 0 and var count ? _writes[count - 1].Value : 0;

    /// <summary>The value that somebody had been told of last; 0 before the first.</summary>
    public int AcknowledgedBefore(long moment) => Last(moment)?.Value ?? 0;

    /// <summary>The write of it.</summary>
    public Written? Last(long moment) => Count(_acknowledgedAt, moment, includingIt: false) is > 0 and var count ? _acknowledged[count - 1] : null;

    private static int Count(long[] times, long moment, bool includingIt)
    {
        var (low, high) = (0, times.Length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (includingIt ? times[middle] <= moment : times[middle] < moment)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
