using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gamekeeper.Seeding;

/// <summary>Fills a development or test database with every module's seeds, in their order. Running it again changes nothing.</summary>
public sealed class Seeder(ModuleCatalogue modules, IServiceProvider services)
{
    /// <summary>Runs all seeds, or those of one schema; refused where players are. The first failing seed ends it, and what ran before is kept.</summary>
    /// <param name="schema">One schema only; null for all.</param>
    public async Task<SeedOutcome> RunAsync(string? schema = null, CancellationToken cancellationToken = default)
    {
        var environment = GamekeeperEnvironments.Find(services.GetService<IHostEnvironment>(), services.GetService<IConfiguration>());
        if (!environment.IsDisposable())
            return new SeedOutcome.RefusedHere(environment);
        var said = new List<SeedResult>();
        foreach (var (owner, seed) in modules.Seeds().Where(s => schema is null || s.Schema == schema))
            said.Add(new SeedResult(owner, seed.Name, await seed.RunAsync(cancellationToken)));
        return new SeedOutcome.Seeded(said);
    }
}

/// <summary>How seeding ended.</summary>
public abstract record SeedOutcome
{
    private SeedOutcome() { }

    /// <summary>All ran.</summary>
    public sealed record Seeded(IReadOnlyList<SeedResult> Results) : SeedOutcome;

    /// <summary>Data is not disposable here; nothing was touched.</summary>
    public sealed record RefusedHere(GamekeeperEnvironment Environment) : SeedOutcome
    {
        /// <summary>The published code.</summary>
        public const string Code = "seeding.refused";
    }
}

/// <summary>What one seed said.</summary>
public sealed record SeedResult(string Schema, string Seed, string Said);
