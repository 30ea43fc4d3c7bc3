using Gamekeeper.Simulation.Proofs;
using Gamekeeper.Simulation.Reads;
using Gamekeeper.Simulation.Reads.Checking;
using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Tests.Simulation.Reads;

/// <summary>A history made up by hand, in seconds, of one deck that is written and read.</summary>
internal sealed class FabricatedReads
{
    private readonly Dictionary<int, int> _stored = [];

    public FabricatedReads() => Deck = History.Add(SubjectKind.Deck, Guid.CreateVersion7(DateTimeOffset.UnixEpoch));

    public History History { get; } = new(3);

    public Subject Deck { get; }

    /// <summary>A write that begins now.</summary>
    public Written Write(double began) => Deck.Begin(Ticks(began));

    /// <summary>One that is acknowledged by node 0.</summary>
    public FabricatedReads Write(double began, double acknowledged)
    {
        Write(began).Acknowledge(Ticks(acknowledged), node: 0);
        return this;
    }

    public FabricatedReads Read(int value, double began, double ended, Source source = Source.Memory, int node = 1)
    {
        History.Add(new Seen(Ticks(began), Ticks(ended), Deck.Number, value, (byte)node, source, IsSecond: false));
        return this;
    }

    public FabricatedReads Send(double began, double ended, string? failure, bool isWrite = false)
    {
        History.Add(new Sending(Ticks(began), Ticks(ended), 1, isWrite, failure));
        return this;
    }

    public FabricatedReads Strike(FaultKind kind, double began, double over, int? node = null)
    {
        History.Add(new Strike(kind, node, Ticks(began), Ticks(over), Ticks(over), "something"));
        return this;
    }

    /// <summary>What PostgreSQL holds at the end; what was written last when nothing is said.</summary>
    public FabricatedReads Store(int value)
    {
        _stored[Deck.Number] = value;
        return this;
    }

    public IReadOnlyList<Breach> Check()
    {
        _stored.TryAdd(Deck.Number, Deck.Writes.Where(w => w.IsDone).Select(w => w.Value).DefaultIfEmpty(0).Max());
        return [.. Checks.Run(History, _stored, Moments)];
    }

    public Moments Moments => new(0, TimeSpan.TicksPerSecond, History.Strikes);

    public static long Ticks(double seconds) => (long)(seconds * TimeSpan.TicksPerSecond);
}
