using System.CommandLine;
using Gamekeeper.Cli.Configuration;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>config</c>: what is in effect and why, with nothing that must not be seen.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var command = new Command("config", "Show every setting with its value and where it comes from; secrets are masked.");
        command.SetAction(Invocation.Of(Run));
        return command;
    }

    private static Task<int> Run(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        var settings = new EffectiveConfiguration(invocation.Home, Environment.GetEnvironmentVariables()).Settings();
        invocation.Terminal.Answer(
            settings,
            terminal =>
            {
                terminal.Table([["setting", "value", "from"], .. settings.Select(s => new[] { s.Name, s.Value ?? "(not set)", s.Source })]);
                terminal.Write("\nWhat only the server knows, such as rate limits, has its defaults in docs/operating/configuration.md.");
            });
        return Task.FromResult(ExitCodes.Ok);
    }
}
