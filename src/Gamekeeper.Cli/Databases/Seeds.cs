using Microsoft.Extensions.Configuration;

namespace Gamekeeper.Cli.Databases;

/// <summary>Runs the seeds of every game, where they may run.</summary>
internal static class Seeds
{
    /// <summary>Runs all of them in their order; what is there already is left alone.</summary>
    /// <exception cref="GamekeeperException"><c>seeding.refused</c>: this is no place for made-up data.</exception>
    public static async Task<IReadOnlyList<SeedResult>> RunAsync(OpenedGamekeeper gamekeeper, CancellationToken cancellationToken)
    {
        var environment = GamekeeperEnvironments.Named(
            gamekeeper.Get<IConfiguration>()["DOTNET_ENVIRONMENT"] ?? nameof(GamekeeperEnvironment.Production));
        if (!environment.IsDisposable())
            throw new GamekeeperException(
                "seeding.refused",
                $"Seeds write made-up data and never run in {environment}. Set DOTNET_ENVIRONMENT=Development if this database is disposable.");
        var results = new List<SeedResult>();
        foreach (var (schema, seed) in gamekeeper.Get<ModuleCatalogue>().Seeds())
            results.Add(new SeedResult(schema, seed.Name, await seed.RunAsync(cancellationToken)));
        return results;
    }
}

/// <summary>What one seed said.</summary>
internal sealed record SeedResult(string Schema, string Seed, string Said);
