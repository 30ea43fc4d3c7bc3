using Gamekeeper.Integrity;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Integrity;

/// <summary>A breach and the invariant that found it.</summary>
internal sealed record InvariantBreachFound(string Invariant, InvariantBreach Breach)
{
    public static async Task<IReadOnlyList<InvariantBreachFound>> AllAsync(TestDatabase database)
    {
        var found = new List<InvariantBreachFound>();
        await foreach (var result in database.Get<Verifier>().RunAsync(breachesEach: 10))
            found.AddRange(result.Breaches.Select(b => new InvariantBreachFound(result.Name, b)));
        return found;
    }
}
