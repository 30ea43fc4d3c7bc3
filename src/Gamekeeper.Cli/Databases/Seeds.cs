using System.Diagnostics;
using Gamekeeper.Seeding;

namespace Gamekeeper.Cli.Databases;

/// <summary>Runs the seeds where they may run.</summary>
internal static class Seeds
{
    /// <exception cref="GamekeeperException"><c>seeding.refused</c>: this is no place for made-up data.</exception>
    public static async Task<IReadOnlyList<SeedResult>> RunAsync(OpenedGamekeeper gamekeeper, CancellationToken cancellationToken)
    {
        switch (await gamekeeper.Get<Seeder>().RunAsync(cancellationToken: cancellationToken))
        {
            case SeedOutcome.Seeded seeded:
                return seeded.Results;
            case SeedOutcome.RefusedHere refused:
                throw new GamekeeperException(
                    SeedOutcome.RefusedHere.Code,
                    $"Seeds write made-up data and never run in {refused.Environment}. Set DOTNET_ENVIRONMENT=Development if this database is disposable.");
            default:
                throw new UnreachableException();
        }
    }
}
