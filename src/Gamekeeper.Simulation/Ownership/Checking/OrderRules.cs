using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>
/// The order in which the product says things happened is one that its callers can believe: what was acknowledged before another request
/// began comes before it.
/// </summary>
internal static class OrderRules
{
    public static IEnumerable<Breach> Of(Evidence evidence)
    {
        Effect? latest = null;
        foreach (var effect in evidence.Timeline.Effects)
        {
            if (latest is not null && effect.DoneBy < latest.Began)
                yield return new("order", effect.ToString(), $"it before {latest}, which began after it had been acknowledged", "it behind that");
            if (latest is null || effect.Began > latest.Began)
                latest = effect;
        }
    }
}
