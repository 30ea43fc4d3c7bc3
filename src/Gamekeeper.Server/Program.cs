using Gamekeeper;
using Gamekeeper.Server;

try
{
    await using var app = GamekeeperApp.Build(args);
    await app.RunAsync();
    return Environment.ExitCode;
}
catch (GamekeeperException refused) when (refused.Code == "configuration.invalid")
{
    // One line that names what to set; a stack trace would bury it.
    await Console.Error.WriteLineAsync($"{refused.Code}: {refused.Message}");
    return 2;
}
