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
/// <param name="Moves">What it does, by what was asked; by what is stored when nothing was.</param>
internal sealed record Effect(Guid Operation, Request? Cause, Guid? Trade, IReadOnlyList<Move> Moves)
{
    /// <summary>It happened after this.</summary>
    public long Began => Cause?.Began ?? long.MinValue;

    /// <summary>It had happened by then.</summary>
    public long DoneBy => Cause?.DoneBy ?? long.MaxValue;

    /// <summary>In words.</summary>
    public override string ToString() => Cause is null ? $"operation {Operation}" : $"operation {Operation} of {Cause}";
}
