namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>What came of saving a deck. That it is not valid is no refusal: it is stored, with the reasons.</summary>
public abstract record SaveDeckOutcome
{
    private SaveDeckOutcome() { }

    /// <summary>It is stored, valid or not.</summary>
    /// <param name="Deck">As it stands now.</param>
    /// <param name="IsReplay">True when an earlier request under the same key made it.</param>
    public sealed record Saved(Deck Deck, bool IsReplay = false) : SaveDeckOutcome;

    /// <summary>The input itself is wrong; nothing was looked up.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : SaveDeckOutcome;

    /// <summary>There is no such deck, or it is another player's.</summary>
    public sealed record Unknown : SaveDeckOutcome;

    /// <summary>It has changed since the version that was named.</summary>
    public sealed record VersionConflict(long CurrentVersion) : SaveDeckOutcome;

    /// <summary>The player has this many decks already.</summary>
    public sealed record TooMany(int Limit) : SaveDeckOutcome;

    /// <summary>There is no such player.</summary>
    public sealed record UnknownPlayer(Guid Player) : SaveDeckOutcome;

    /// <summary>The idempotency key stands for another request.</summary>
    public sealed record KeyReused : SaveDeckOutcome;
}
