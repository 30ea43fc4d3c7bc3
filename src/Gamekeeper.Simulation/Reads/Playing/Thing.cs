using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Playing;

/// <summary>What an answer to a write says of it.</summary>
internal enum WriteEnd
{
    /// <summary>It is done, and that is promised.</summary>
    Acknowledged,

    /// <summary>A repeat is refused, because it was done already.</summary>
    FoundDone,

    /// <summary>Neither.</summary>
    Odd,
}

/// <summary>Something of the game that is written and read. One writer at a time has it.</summary>
internal abstract class Thing
{
    private int _isTaken;

    /// <summary>What is being written now; it changes only while it is taken.</summary>
    public abstract Subject Subject { get; }

    public bool TryTake() => Interlocked.CompareExchange(ref _isTaken, 1, 0) == 0;

    public void Release() => Volatile.Write(ref _isTaken, 0);

    /// <summary>The same message for every sending of a write.</summary>
    public abstract HttpRequestMessage Spell(Written write);

    /// <summary>What the answer says.</summary>
    public abstract WriteEnd Read(Written write, WireAnswer answer);

    /// <summary>What is to be done before it can be written again.</summary>
    public virtual Task FollowAsync(int node, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>One that is read by asking for it.</summary>
internal abstract class ReadableThing(Subject subject) : Thing
{
    public override Subject Subject => subject;

    /// <summary>Where it can be read; each is cached under another key.</summary>
    public abstract IReadOnlyList<string> Paths { get; }

    /// <summary>The value in an answer; null when it holds none.</summary>
    public abstract int? Value(WireAnswer answer);
}
