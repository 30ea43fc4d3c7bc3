using System.Diagnostics;
using Gamekeeper.Seeding;

namespace Gamekeeper.Cli.Databases;

/// <summary>Runs the seeds of every game, where they may run.</summary>
internal static class Seeds
{
    /// <summary>Runs all of them in their order; what is there already is left alone.</summary>
    /// <exception cref="GamekeeperException"><c>seeding.refused</c>: this is no place for made-up data.</exception>
    public static async Task<IReadOnlyList<SeedResult>> RunAsync(OpenedGamekeeper gamekeeper, CancellationToken cancellationToken) =>
        await gamekeeper.Get<Seeder>().RunAsync(cancellationToken: cancellationToken) switch
        {
            SeedOutcome.Seeded seeded => seeded.Results,
            SeedOutcome.RefusedHere refused => throw new GamekeeperException(
                SeedOutcome.RefusedHere.Code,
                $"Seeds write made-up data and never run in {refused.Environment}. Set DOTNET_ENVIRONMENT=Development if this database is disposable."),
            _ => throw new UnreachableException(),
        };
}
