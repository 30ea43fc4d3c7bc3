namespace Gamekeeper.Tests.Harness.SampleGame;

/// <summary>The smallest game that has one of everything: what a sixth game gets by implementing <see cref="IGameModule"/>.</summary>
public sealed class SampleGameModule : IGameModule
{
    private SampleGameModule() { }

    public static string Schema => "sample_game";

    public static void Register(ModuleRegistration module) =>
        module
            .Migrations(typeof(SampleGameModule).Assembly, "Gamekeeper.Tests.Harness.SampleGame.Migrations")
            .DataMigration<GradeCoins>()
            .Invariant<CoinsAreNeverNegative>()
            .Job<SweepEmptyPurses>()
            .Seed<SamplePurses>()
            .CacheKey(CachedCoin.Key)
            .CacheKey(CachedCoin.BoundedKey)
            .CacheKey(CachedCoin.TaggedKey)
            .CacheKey(CachedCoin.ProbedKey)
            .Friends<SampleGameModule>();
}
