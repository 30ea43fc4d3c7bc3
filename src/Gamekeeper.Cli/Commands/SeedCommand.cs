using System.CommandLine;
using Gamekeeper.Cli.Databases;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>seed</c>: the development data, as often as one likes.</summary>
internal static class SeedCommand
{
    public static Command Create()
    {
        var command = new Command("seed", "Write the development data of every game; what is there already is left alone. Never in production.");
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var results = await Seeds.RunAsync(gamekeeper, cancellationToken);
        invocation.Terminal.Answer(
            results,
            terminal =>
            {
                foreach (var result in results)
                    terminal.Write($"{result.Seed}: {result.Said}");
            });
        return ExitCodes.Ok;
    }
}
