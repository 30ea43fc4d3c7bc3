namespace Gamekeeper.Simulation.Ownership.Recording;

/// <summary>How one sending of a request ended.</summary>
internal abstract record Reply
{
    private Reply() { }

    /// <summary>Answered with success.</summary>
    /// <param name="Id">What was made: the operation, the trade or the account; of a card that was read, its owner.</param>
    /// <param name="Cards">Minted cards, in order.</param>
    /// <param name="Events">Of a card that was read: how often it had changed hands, its mint included.</param>
    /// <param name="IsReplay">The server says that an earlier sending did it.</param>
    /// <param name="Finding">Of a verification: the first thing that does not hold; null when all does.</param>
    public sealed record Done(Guid Id, IReadOnlyList<Guid> Cards, int Events = 0, bool IsReplay = false, string? Finding = null) : Reply
    {
        public bool SaysTheSame(Done other) => Id == other.Id && Cards.SequenceEqual(other.Cards);

        public override string ToString() => Cards.Count == 0 ? $"{Id}" : $"{Id} with {Cards.Count} cards";
    }

    /// <summary>Answered with a refusal: it has changed nothing.</summary>
    public sealed record Refused(int Status, string Code) : Reply
    {
        public override string ToString() => $"{Status} {Code}";
    }

    /// <summary>Not answered, or with the words that nobody knows: it may or may not have happened.</summary>
    public sealed record Unknown(string Why) : Reply
    {
        public override string ToString() => $"no answer ({Why})";
    }
}
