namespace Gamekeeper.Simulation.Proofs;

/// <summary>How a proof ended.</summary>
public enum Verdict
{
    /// <summary>The promise held through everything that was done.</summary>
    Holds,

    /// <summary>It did not; the breaches say where.</summary>
    Broken,

    /// <summary>Nothing broke, but less was tried than a proof has to try.</summary>
    TooWeak,
}
