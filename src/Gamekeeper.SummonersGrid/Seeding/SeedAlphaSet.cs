using Gamekeeper.Seeding;
using Gamekeeper.SummonersGrid.Cards.Import;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Seeding;

/// <summary>The Alpha set, from <c>Cards/alpha-set.json</c>, by the same import that takes a studio's own file.</summary>
public sealed class SeedAlphaSet(ImportTemplates import, TimeProvider clock) : ISeed
{
    /// <inheritdoc />
    public string Name => "summoners_grid.alpha-set";

    /// <inheritdoc />
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        await using var file = typeof(SeedAlphaSet).Assembly.GetManifestResourceStream("Gamekeeper.SummonersGrid.Cards.alpha-set.json")!;
        var outcome = await import.RunAsync(Actor.System(clock), file, cancellationToken: cancellationToken);
        return outcome switch
        {
            ImportOutcome.Imported(var inserted, var updated, var unchanged) =>
                $"{inserted + updated + unchanged} card templates: {inserted} inserted, {updated} updated, {unchanged} unchanged",
            ImportOutcome.Refused(var line, var member, var problem) => throw new GamekeeperException(
                "seeding.failed",
                $"alpha-set.json, line {line}: {member} {problem}"
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
