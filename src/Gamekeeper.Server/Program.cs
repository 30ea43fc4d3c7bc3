using Gamekeeper;
using Gamekeeper.Server;
using Microsoft.Extensions.Options;

try
{
    await using var app = GamekeeperApp.Build(args);
    await app.RunAsync();
    return Environment.ExitCode;
}
catch (GamekeeperException refused) when (refused.Code.StartsWith("configuration.", StringComparison.Ordinal))
{
    // One line that names what to set; a stack trace would bury it.
    await Console.Error.WriteLineAsync($"{refused.Code}: {refused.Message}");
    return 2;
}
catch (OptionsValidationException refused)
{
    await Console.Error.WriteLineAsync($"configuration.invalid: {string.Join(" ", refused.Failures)}");
    return 2;
}
