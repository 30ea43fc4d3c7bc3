using System.CommandLine;
using Gamekeeper.Cli.Databases;
using Gamekeeper.SummonersGrid.Ownership.Compensating;
using Gamekeeper.SummonersGrid.Ownership.Freezing;

namespace Gamekeeper.Cli.Commands.Incidents;

/// <summary><c>card unfreeze</c>: cards may move again.</summary>
internal static class UnfreezeCommand
{
    private static readonly Argument<Guid[]> Ids = new("id") { Description = "The cards.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<Guid?> Plan = new("--plan") { Description = "All cards of this plan but those that went into quarantine.", HelpName = "plan" };
    private static readonly Option<string> As = new("--as") { Description = "The operator who does it, by username or id.", HelpName = "operator", Required = true };

    public static Command Create()
    {
        var command = new Command("unfreeze", "Let frozen cards move again; safe to repeat.") { Ids, Plan, As };
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var actor = await People.OperatorAsync(gamekeeper, arguments.GetValue(As)!, invocation.Clock, cancellationToken);
        var cards = arguments.GetValue(Ids)!.ToList();
        if (arguments.GetValue(Plan) is { } plan)
            cards.AddRange(await CardsOfAsync(gamekeeper, plan, cancellationToken));
        var done = await gamekeeper.Get<UnfreezeCards>().RunAsync(actor, cards, cancellationToken) switch
        {
            UnfreezeCardsOutcome.Done freed => freed,
            UnfreezeCardsOutcome.Invalid invalid => throw People.Wrong(invalid.Errors),
            UnfreezeCardsOutcome.UnknownCards unknown => throw new GamekeeperException("cards.unknown", $"There is no card {string.Join(", ", unknown.Cards)}; none was freed."),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
        invocation.Terminal.Answer(
            new { freed = done.Freed, already = done.Already },
            terminal => terminal.Write($"{done.Freed.Count} freed; {done.Already.Count} were free already.")
        );
        return ExitCodes.Ok;
    }

    private static async Task<IEnumerable<Guid>> CardsOfAsync(OpenedGamekeeper gamekeeper, Guid plan, CancellationToken cancellationToken)
    {
        var found = await gamekeeper.Get<CompensationRepository>().FindAsync(plan, cancellationToken)
            ?? throw new GamekeeperException("compensations.unknown", $"There is no plan {plan}.");
        return found.Plan.Cards.Where(c => !c.IsQuarantined).Select(c => c.CardId);
    }
}
