namespace Gamekeeper.Simulation.Ownership.Playing;

/// <summary>Writes that have been sent and not answered.</summary>
internal sealed class InFlight(int servers)
{
    private readonly int[] _counts = new int[servers];
    private int _unanswered;

    /// <summary>Sent to one server.</summary>
    public int To(int server) => Volatile.Read(ref _counts[server]);

    /// <summary>Sent to any.</summary>
    public int All => Enumerable.Range(0, _counts.Length).Sum(To);

    /// <summary>Writes so far whose sender was left without an answer.</summary>
    public int Unanswered => Volatile.Read(ref _unanswered);

    public void Sent(int server) => Interlocked.Increment(ref _counts[server]);

    public void Ended(int server, bool isUnknown)
    {
        Interlocked.Decrement(ref _counts[server]);
        if (isUnknown)
            Interlocked.Increment(ref _unanswered);
    }
}
