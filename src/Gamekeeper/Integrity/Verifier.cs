using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Gamekeeper.Integrity;

/// <summary>Runs every invariant of every module: what <c>gamekeeper verify</c> does.</summary>
public sealed class Verifier(ModuleCatalogue modules)
{
    /// <summary>The invariants, in the order in which they run.</summary>
    public IReadOnlyList<(string Name, string Promise)> Invariants =>
        [.. modules.Invariants().Select(i => (i.Invariant.Name, i.Invariant.Promise))];

    /// <summary>Checks them one after the other and tells each result as it is known. Reads only; safe to repeat.</summary>
    /// <param name="breachesEach">The most breaches named for one invariant, at least 1.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public async IAsyncEnumerable<InvariantResult> RunAsync(
        int breachesEach = 20,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(breachesEach, 1);
        foreach (var (schema, invariant) in modules.Invariants())
        {
            var started = Stopwatch.GetTimestamp();
            var breaches = new List<InvariantBreach>();
            await foreach (var breach in invariant.CheckAsync(breachesEach, cancellationToken))
            {
                breaches.Add(breach);
                if (breaches.Count == breachesEach)
                    break;
            }
            yield return new(schema, invariant.Name, invariant.Promise, breaches, Stopwatch.GetElapsedTime(started));
        }
    }
}

/// <summary>What one invariant found.</summary>
/// <param name="Schema">Whose invariant it is.</param>
/// <param name="Name">Its stable name.</param>
/// <param name="Promise">What must hold.</param>
/// <param name="Breaches">Where it does not, the first ones first; empty when it holds.</param>
/// <param name="Elapsed">How long the check took.</param>
public sealed record InvariantResult(string Schema, string Name, string Promise, IReadOnlyList<InvariantBreach> Breaches, TimeSpan Elapsed)
{
    /// <summary>True when no breach was found.</summary>
    public bool Holds => Breaches.Count == 0;
}
