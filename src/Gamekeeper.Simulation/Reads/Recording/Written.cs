namespace Gamekeeper.Simulation.Reads.Recording;

/// <summary>One write of one subject, however often it was sent. Its writer alone changes it.</summary>
/// <param name="value">What it writes: one more than the write before it.</param>
/// <param name="began">Before it was sent for the first time.</param>
internal sealed class Written(int value, long began)
{
    private long _lostAt = long.MaxValue;
    private bool _isFoundDone;

    public int Value { get; } = value;

    public long Began { get; } = began;

    /// <summary>When somebody was told that it is done; the end of time when nobody was.</summary>
    public long Acknowledged { get; private set; } = long.MaxValue;

    /// <summary>Who told.</summary>
    public int AcknowledgedBy { get; private set; } = -1;

    /// <summary>
    /// When the sending that did it was left without its answer: it was done by then, as a repeat told. The end of time when the answer
    /// came, or when nobody knows.
    /// </summary>
    public long DoneUnanswered { get; private set; } = long.MaxValue;

    /// <summary>To whom the last sending without an answer went.</summary>
    public int LostTo { get; private set; } = -1;

    /// <summary>It is known to be done, whether or not somebody was promised so.</summary>
    public bool IsDone => Acknowledged != long.MaxValue || _isFoundDone;

    /// <summary>A sending of it got no answer.</summary>
    public Written Lost(long at, int node)
    {
        (_lostAt, LostTo) = (at, node);
        return this;
    }

    /// <summary>An answer of success.</summary>
    /// <param name="at">When it was there.</param>
    /// <param name="node">Who told.</param>
    /// <param name="isReplay">It says that an earlier sending did it.</param>
    public Written Acknowledge(long at, int node, bool isReplay = false)
    {
        (Acknowledged, AcknowledgedBy) = (at, node);
        if (isReplay)
            DoneUnanswered = _lostAt;
        return this;
    }

    /// <summary>A repeat was refused because it had been done: known, and not promised to anybody.</summary>
    public Written FindDone()
    {
        (_isFoundDone, DoneUnanswered) = (true, _lostAt);
        return this;
    }
}
