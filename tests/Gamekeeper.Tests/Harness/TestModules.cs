using Gamekeeper.Tests.Harness.SampleGame;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Harness;

/// <summary>The games that every test database is migrated with. A new game is one more line.</summary>
internal static class TestModules
{
    public static GamekeeperBuilder AddAll(GamekeeperBuilder builder) =>
        builder
            .AddModule<SampleGameModule>()
            .AddSummonersGrid();
}
