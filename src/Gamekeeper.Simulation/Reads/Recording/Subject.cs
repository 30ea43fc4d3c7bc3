namespace Gamekeeper.Simulation.Reads.Recording;

/// <summary>What kind of thing is written and read.</summary>
internal enum SubjectKind
{
    /// <summary>The experience of a player.</summary>
    Numbers,

    /// <summary>The name of a deck.</summary>
    Deck,

    /// <summary>How many cards a player has beside the first.</summary>
    Cards,

    /// <summary>Whether a session is signed out.</summary>
    Session,
}

/// <summary>
/// Something that is written by one writer at a time, each time with a value one higher, and read by everybody meanwhile. Value 0 is what
/// it began with.
/// </summary>
internal sealed class Subject(int number, SubjectKind kind, Guid id)
{
    private readonly Lock _lock = new();
    private readonly List<Written> _writes = [];
    private int _begun;

    public int Number { get; } = number;

    public SubjectKind Kind { get; } = kind;

    /// <summary>Of the player, the deck or the session.</summary>
    public Guid Id { get; } = id;

    /// <summary>For people, such as <c>deck 0192…</c>.</summary>
    public string Name => $"{Kind.ToString().ToLowerInvariant()} {Id}";

    /// <summary>The value of the write that began last.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>All writes, in their order.</summary>
    public IReadOnlyList<Written> Writes
    {
        get
        {
            lock (_lock)
                return [.. _writes];
        }
    }

    /// <summary>The next write begins.</summary>
    public Written Begin(long at)
    {
        lock (_lock)
        {
            var write = new Written(_begun + 1, at);
            _writes.Add(write);
            Volatile.Write(ref _begun, write.Value);
            return write;
        }
    }

    /// <inheritdoc />
    public override string ToString() => Name;
}
