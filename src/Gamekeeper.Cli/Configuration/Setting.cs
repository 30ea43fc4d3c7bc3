namespace Gamekeeper.Cli.Configuration;

/// <summary>One setting as it takes effect.</summary>
/// <param name="Name">As the documentation calls it.</param>
/// <param name="Value">Secrets masked; null when it is not set and nothing stands in for it.</param>
/// <param name="Source">Where the value comes from: default, environment, a file.</param>
internal sealed record Setting(string Name, string? Value, string Source);
