using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Gamekeeper;

/// <summary>Where this process runs. Decides whether anything may be undone or seeded.</summary>
public enum GamekeeperEnvironment
{
    /// <summary>A developer's machine.</summary>
    Development,

    /// <summary>Automated tests.</summary>
    Test,

    /// <summary>A rehearsal of production, with its rules.</summary>
    Staging,

    /// <summary>Real players. What an unset environment is taken for.</summary>
    Production,
}

/// <summary>Finds the environment's name and what it allows.</summary>
public static class GamekeeperEnvironments
{
    /// <summary>True where data is disposable: development and test.</summary>
    public static bool IsDisposable(this GamekeeperEnvironment environment) =>
        environment is GamekeeperEnvironment.Development or GamekeeperEnvironment.Test;

    /// <summary>The environment of that name, in any case.</summary>
    /// <exception cref="GamekeeperException"><c>configuration.invalid</c>: there is none of that name.</exception>
    public static GamekeeperEnvironment Named(string name) =>
        Enum.TryParse<GamekeeperEnvironment>(name, ignoreCase: true, out var found) && Enum.IsDefined(found) && !char.IsAsciiDigit(name[0])
            ? found
            : throw new GamekeeperException(
                "configuration.invalid",
                $"The environment is '{name}'; it takes {string.Join(", ", Enum.GetNames<GamekeeperEnvironment>())}. Set DOTNET_ENVIRONMENT."
            );

    // A host knows its environment; a command without one is told by configuration; whoever says nothing is taken for production.
    internal static GamekeeperEnvironment Find(IHostEnvironment? host, IConfiguration? configuration) =>
        Named(host?.EnvironmentName ?? configuration?["DOTNET_ENVIRONMENT"] ?? configuration?["environment"] ?? nameof(GamekeeperEnvironment.Production));
}
