namespace Gamekeeper.SummonersGrid.Packs;

/// <summary>What a pack holds.</summary>
/// <param name="Id">Such as <c>alpha-booster</c>.</param>
/// <param name="Name">For players.</param>
/// <param name="SetPrefix">Templates whose id begins so are in the pack's set.</param>
/// <param name="Slots">What is drawn, in order.</param>
public sealed record Pack(string Id, string Name, string SetPrefix, IReadOnlyList<PackSlot> Slots)
{
    /// <summary>Cards in the pack.</summary>
    public int Size => Slots.Sum(s => s.Count);
}

/// <summary>Some cards of a pack that are drawn alike.</summary>
/// <param name="Count">How many.</param>
/// <param name="Weights">Chance of each rarity, in relation to the others; a rarity that is not named does not occur.</param>
public sealed record PackSlot(int Count, IReadOnlyDictionary<string, int> Weights);
