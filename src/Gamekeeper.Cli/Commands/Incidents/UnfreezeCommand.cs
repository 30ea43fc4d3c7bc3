using System.CommandLine;
using Gamekeeper.Cli.Databases;
using Gamekeeper.SummonersGrid.Ownership.Compensating;
using Gamekeeper.SummonersGrid.Ownership.Freezing;

namespace Gamekeeper.Cli.Commands.Incidents;

/// <summary><c>card unfreeze</c>: cards may move again.</summary>
internal static class UnfreezeCommand
{
    private static readonly Argument<Guid[]> Ids = new("id") { Description = "The cards.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<Guid?> Plan = new("--plan") { Description = "All cards that this applied plan has settled: not those in quarantine, nor those of which it says why they stay.", HelpName = "plan" };
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
            cards.AddRange(await SettledByAsync(invocation, gamekeeper, plan, cancellationToken));
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

    private static async Task<IEnumerable<Guid>> SettledByAsync(
        Invocation invocation,
        OpenedGamekeeper gamekeeper,
        Guid plan,
        CancellationToken cancellationToken
    )
    {
        var found = await gamekeeper.Get<CompensationRepository>().FindAsync(plan, cancellationToken)
            ?? throw new GamekeeperException("compensations.unknown", $"There is no plan {plan}.");
        if (!found.IsApplied)
            throw new GamekeeperException("compensations.not-applied", $"Plan {plan} has not been applied, so nothing of it is settled; name the cards to free them all the same.");
        var open = found.Plan.Cards.Count(c => !c.IsQuarantined && c.Stands is not null);
        if (open > 0)
            invocation.Terminal.Say($"{open} cards of the plan stay frozen if they are: it could not put them right. --show {plan} says why; name them once they are decided.");
        var settled = found.Plan.Cards.Where(c => !c.IsQuarantined && c.Stands is null).Select(c => c.CardId).ToList();
        return settled.Count > 0
            ? settled
            : throw new GamekeeperException("compensations.nothing-settled", $"Plan {plan} has no card that is settled and outside quarantine.");
    }
}
