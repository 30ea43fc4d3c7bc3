using Gamekeeper.Simulation.Ownership.Recording;
using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>All rules, over the whole of what happened. Pure: what they are given decides what they find.</summary>
internal static class Checks
{
    public static IEnumerable<Breach> Run(IReadOnlyCollection<Request> requests, Stored stored)
    {
        var evidence = new Evidence(requests, stored);
        return AnswerRules.Of(evidence)
            .Concat(DuplicateRules.Of(evidence))
            .Concat(EffectRules.Of(evidence))
            .Concat(OwnerRules.Of(evidence))
            .Concat(OrderRules.Of(evidence))
            .Concat(TradeRules.Of(evidence))
            .Concat(RefusalRules.Of(evidence))
            .Concat(ReadRules.Of(evidence));
    }
}
