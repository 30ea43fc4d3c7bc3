using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Integrity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.Ops;

/// <summary>Runs the invariants of the core and of every game over the stored data.</summary>
internal static class VerifyEndpoints
{
    private const int DefaultBreaches = 10;

    public static void Map(RouteGroupBuilder ops) =>
        ops.MapPost("/verify", VerifyAsync)
            .WithName("verify")
            .WithSummary("Check every invariant; each names its first breaches. Reads whole tables: minutes on a large database");

    private static async Task<Ok<VerifyResponse>> VerifyAsync([Range(1, 100)] int? breaches, Verifier verifier, CancellationToken cancellationToken)
    {
        var findings = new List<InvariantFinding>();
        await foreach (var result in verifier.RunAsync(breaches ?? DefaultBreaches, cancellationToken))
        {
            findings.Add(
                new InvariantFinding(
                    result.Name,
                    result.Schema,
                    result.Promise,
                    result.Holds,
                    [.. result.Breaches.Select(b => new BreachResponse(b.Table, b.Key, b.Finding))],
                    Math.Round(result.Elapsed.TotalMilliseconds)
                )
            );
        }
        return TypedResults.Ok(new VerifyResponse(findings.TrueForAll(f => f.Holds), findings));
    }
}

internal sealed record VerifyResponse([property: Description("True when every invariant holds.")] bool Holds, IReadOnlyList<InvariantFinding> Invariants);

internal sealed record InvariantFinding(
    string Name,
    string Schema,
    [property: Description("What holds, in one sentence.")] string Promise,
    bool Holds,
    [property: Description("The first ones.")] IReadOnlyList<BreachResponse> Breaches,
    double TookMs
);

internal sealed record BreachResponse(string Table, string Key, string Finding);
