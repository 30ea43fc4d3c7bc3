namespace Gamekeeper.Simulation.Reads.Recording;

/// <summary>Everything that was asked, answered and broken.</summary>
internal sealed class History(int nodes)
{
    private readonly Lock _lock = new();
    private readonly List<Subject> _subjects = [];
    private readonly List<Seen> _seen = [];
    private readonly List<Sending> _sendings = [];
    private readonly List<Oddity> _oddities = [];
    private readonly List<Strike> _strikes = [];
    private readonly long[] _servedAt = new long[nodes];
    private readonly long[] _bypassedAt = new long[nodes];
    private int _reads;
    private int _acknowledged;

    public int Nodes => nodes;

    public IReadOnlyList<Subject> Subjects => _subjects;

    public IReadOnlyList<Seen> Seen => _seen;

    public IReadOnlyList<Sending> Sendings => _sendings;

    public IReadOnlyList<Oddity> Oddities => _oddities;

    public IReadOnlyList<Strike> Strikes => _strikes;

    /// <summary>Reads that were answered so far.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Writes that were acknowledged so far.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>When this node last answered as one does that uses its cache; 0 before the first time.</summary>
    public long ServedAt(int node) => Volatile.Read(ref _servedAt[node]);

    /// <summary>When this node last answered past its cache, or not at all.</summary>
    public long BypassedAt(int node) => Volatile.Read(ref _bypassedAt[node]);

    public Subject Add(SubjectKind kind, Guid id)
    {
        lock (_lock)
        {
            var subject = new Subject(_subjects.Count, kind, id);
            _subjects.Add(subject);
            return subject;
        }
    }

    public void Add(Seen seen)
    {
        lock (_lock)
            _seen.Add(seen);
        if (seen.IsSecond)
            return;
        Interlocked.Increment(ref _reads);
        if (seen.Source is Source.Memory or Source.Redis or Source.Loaded)
            Volatile.Write(ref _servedAt[seen.Node], seen.Ended);
        else
            Volatile.Write(ref _bypassedAt[seen.Node], seen.Ended);
    }

    public void Add(Sending sending)
    {
        lock (_lock)
            _sendings.Add(sending);
        if (sending is { IsWrite: false, Failure: not null })
            Volatile.Write(ref _bypassedAt[sending.Node], sending.Ended);
    }

    public void Add(Oddity oddity)
    {
        lock (_lock)
            _oddities.Add(oddity);
    }

    public void Add(Strike strike)
    {
        lock (_lock)
            _strikes.Add(strike);
    }

    /// <summary>Notes a success.</summary>
    public void Acknowledge(Written write, long at, int node, bool isReplay)
    {
        write.Acknowledge(at, node, isReplay);
        Interlocked.Increment(ref _acknowledged);
    }
}
