namespace Gamekeeper.Simulation.Reads.Recording;

/// <summary>When strikes were. One begins after the one before it is over, so the last that began decides.</summary>
internal sealed class StrikeTimes
{
    private readonly long[] _began;
    private readonly long[] _over;

    public StrikeTimes(IEnumerable<Strike> strikes)
    {
        var ordered = strikes.OrderBy(s => s.Began).ToList();
        (_began, _over) = ([.. ordered.Select(s => s.Began)], [.. ordered.Select(s => s.Over)]);
    }

    /// <summary>Did any of this time fall into one of them?</summary>
    public bool Cover(long began, long ended)
    {
        var found = Array.BinarySearch(_began, ended);
        var last = found >= 0 ? found : ~found - 1;
        return last >= 0 && _over[last] >= began;
    }
}
