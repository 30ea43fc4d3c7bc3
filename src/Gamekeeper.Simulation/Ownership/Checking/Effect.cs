using Gamekeeper.Simulation.Ownership.Recording;

namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>One card that goes from hand to hand; from nobody when it is minted.</summary>
internal readonly record struct Move(Guid Card, Guid? From, Guid To);

/// <summary>
/// One thing that happened to cards. The model's world is the sequence of these: before the first there is no card, and each leads from
/// one state to the next.
/// </summary>
/// <param name="Operation">Its id.</param>
/// <param name="Cause">The request that was acknowledged for it; null when there is none, which is a breach.</param>
/// <param name="Trade">The trade that it completed; null for a mint or a transfer.</param>
/// <param name="Began">It happened after this.</param>
/// <param name="DoneBy">It had happened by then: the end of the first answer that names it.</param>
/// <param name="Moves">What it does, by what was asked; by what is stored when nothing was.</param>
internal sealed record Effect(Guid Operation, Request? Cause, Guid? Trade, long Began, long DoneBy, IReadOnlyList<Move> Moves)
{
    /// <summary>In words.</summary>
    public override string ToString() => Cause is null ? $"operation {Operation}" : $"operation {Operation} of {Cause}";
}
