namespace Gamekeeper.Simulation.Ownership.Playing;

/// <summary>What happens in a play.</summary>
internal enum PlayKind
{
    /// <summary>The owner of a card offers it to the owner of another one, for that; it is accepted.</summary>
    Swap,

    /// <summary>Several offers of one card, all accepted at once.</summary>
    Rivals,

    /// <summary>An offer that is declined.</summary>
    Decline,

    /// <summary>An offer that is taken back.</summary>
    Cancel,

    /// <summary>An offer that is accepted, declined and taken back at once.</summary>
    EndsAtOnce,

    /// <summary>An offered card is given away while the offer is being accepted.</summary>
    GiftOfOffered,

    /// <summary>The owner gives a card away.</summary>
    Gift,

    /// <summary>The game moves a card from its owner to another player.</summary>
    ByTheGame,

    /// <summary>New cards, of which the first is given on.</summary>
    Mint,

    /// <summary>Somebody tries what is not theirs to do.</summary>
    Trespass,

    /// <summary>Somebody looks whose card it is.</summary>
    Read,

    /// <summary>A new player, who gets a card.</summary>
    Newcomer,

    /// <summary>All invariants are checked while the others play on.</summary>
    Verify,
}

/// <summary>
/// One play of the schedule. It names cards; whose they are, and so who acts, is what the plays before and beside it have made of them.
/// </summary>
/// <param name="Kind">What happens.</param>
/// <param name="Card">The card it is about, by its number; the first ones are hot.</param>
/// <param name="OtherCard">The card it is to be had for.</param>
/// <param name="Size">The most cards that one side of a trade gives, 1 to 3.</param>
/// <param name="Offers">How many offers are made for it.</param>
/// <param name="Player">Who else takes part, by number.</param>
/// <param name="Doubled">Which of its requests are sent twice at once: those whose two bits are both zero.</param>
/// <param name="Dice">Decides what is left to decide.</param>
internal sealed record Play(PlayKind Kind, int Card, int OtherCard, int Size, int Offers, int Player, int Doubled, int Dice)
{
    /// <summary>Requests that it sends when all goes its way.</summary>
    public int Operations =>
        Kind switch
        {
            PlayKind.Rivals => 2 * Offers,
            PlayKind.EndsAtOnce => 4,
            PlayKind.GiftOfOffered => 3,
            PlayKind.Swap or PlayKind.Decline or PlayKind.Cancel or PlayKind.Mint or PlayKind.Newcomer => 2,
            PlayKind.Trespass when Dice % 3 == 2 => 2,
            _ => 1,
        };

    /// <summary>How often its request of this number is sent at once: every fourth goes out twice.</summary>
    public int CopiesOf(int request) => ((Doubled >> (request % 4 * 2)) & 3) == 0 ? 2 : 1;
}
