using System.CommandLine;
using Gamekeeper.Cli.Databases;
using Gamekeeper.SummonersGrid.Ownership.Freezing;

namespace Gamekeeper.Cli.Commands.Incidents;

/// <summary><c>card freeze</c>: cards stay where they are.</summary>
internal static class FreezeCommand
{
    private static readonly Argument<Guid[]> Ids = new("id") { Description = "The cards.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> As = new("--as") { Description = "The operator who does it, by username or id.", HelpName = "operator", Required = true };
    private static readonly Option<string> Reason = new("--reason") { Description = "A word for why, such as duped: a-z, 0-9, _ and -.", HelpName = "word", Required = true };

    public static Command Create()
    {
        var command = new Command("freeze", "Keep cards where they are: no offer, no transfer, no trade. Effective when it returns; safe to repeat.") { Ids, As, Reason };
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var actor = await People.OperatorAsync(gamekeeper, arguments.GetValue(As)!, invocation.Clock, cancellationToken);
        var outcome = await gamekeeper.Get<FreezeCards>().RunAsync(actor, arguments.GetValue(Ids)!, arguments.GetValue(Reason)!, cancellationToken);
        var done = outcome switch
        {
            FreezeCardsOutcome.Done frozen => frozen,
            FreezeCardsOutcome.Invalid invalid => throw People.Wrong(invalid.Errors),
            FreezeCardsOutcome.UnknownCards unknown => throw new GamekeeperException("cards.unknown", $"There is no card {string.Join(", ", unknown.Cards)}; none was frozen."),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
        invocation.Terminal.Answer(
            new { frozen = done.Frozen, already = done.Already },
            terminal => terminal.Write($"{done.Frozen.Count} frozen; {done.Already.Count} were frozen already and keep their first reason.")
        );
        return ExitCodes.Ok;
    }
}
