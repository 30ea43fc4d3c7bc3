namespace Gamekeeper.Simulation.Proofs;

/// <summary>Something that must not be.</summary>
/// <param name="Rule">Which part of the promise it breaks, in one word or two.</param>
/// <param name="Subject">The card, trade or request it is about.</param>
/// <param name="Expected">What the model says.</param>
/// <param name="Found">What the product said, or what was stored.</param>
public sealed record Breach(string Rule, string Subject, string Expected, string Found)
{
    /// <inheritdoc />
    public override string ToString() => $"{Rule}: {Subject}: expected {Expected}; found {Found}.";
}
