using System.CommandLine;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Integrity;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>verify</c>: every invariant of every module over the stored data.</summary>
internal static class VerifyCommand
{
    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "How many bad rows each invariant names.",
        DefaultValueFactory = _ => 10,
    };

    private static readonly Option<string[]> Only = new("--only")
    {
        Description = "Invariants to check, by name or by the beginning of one, such as summoners_grid. Default: all.",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create()
    {
        Limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 10_000)
                result.AddError("--limit takes 1 to 10000.");
        });
        var command = new Command("verify", "Check every invariant of every game and name the first bad rows. Exit code 1 when one does not hold.") { Limit, Only };
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var only = arguments.GetValue(Only) ?? [];
        var chosen = gamekeeper.Get<ModuleCatalogue>().Invariants().Select(i => i.Invariant)
            .Where(i => only.Length == 0 || only.Any(o => i.Name.StartsWith(o, StringComparison.Ordinal)))
            .ToList();
        if (chosen.Count == 0)
            throw new GamekeeperException("usage.invalid", $"No invariant is called {string.Join(" or ", only)}; 'verify --format json' lists their names.");

        var findings = new List<Finding>();
        await invocation.Terminal.WithStepsAsync(async steps =>
        {
            foreach (var invariant in chosen)
            {
                var step = steps.Begin(invariant.Name);
                var finding = await CheckAsync(invariant, arguments.GetValue(Limit), invocation.Clock, cancellationToken);
                findings.Add(finding);
                step.End(finding.Holds ? $"holds ({finding.Seconds:0.0} s)" : $"BROKEN, {finding.Breaches.Count} named");
            }
        });

        var holds = findings.TrueForAll(f => f.Holds);
        invocation.Terminal.Answer(
            new { holds, database = gamekeeper.Where, invariants = findings },
            terminal =>
            {
                foreach (var finding in findings.Where(f => !f.Holds))
                {
                    terminal.Write($"{finding.Name} does not hold: {finding.Promise}");
                    foreach (var breach in finding.Breaches)
                        terminal.Write($"  {breach.Table} {breach.Key}: {breach.Finding}");
                }
                var broken = findings.Count(f => !f.Holds);
                terminal.Write(holds ? $"All {findings.Count} invariants hold." : $"{broken} of {findings.Count} invariants do not hold.");
            });
        return holds ? ExitCodes.Ok : ExitCodes.CheckFailed;
    }

    private static async Task<Finding> CheckAsync(IInvariant invariant, int limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var breaches = new List<InvariantBreach>();
        await foreach (var breach in invariant.CheckAsync(limit, cancellationToken))
            breaches.Add(breach);
        return new Finding(invariant.Name, invariant.Promise, breaches.Count == 0, Math.Round(clock.GetElapsedTime(started).TotalSeconds, 3), breaches);
    }

    private sealed record Finding(string Name, string Promise, bool Holds, double Seconds, IReadOnlyList<InvariantBreach> Breaches);
}
