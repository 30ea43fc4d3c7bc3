using System.CommandLine;
using Gamekeeper.Cli.Databases;
using Gamekeeper.SummonersGrid.Ownership.Compensating;
using Gamekeeper.SummonersGrid.Ownership.Lineage;
using Gamekeeper.Transactions;

namespace Gamekeeper.Cli.Commands.Incidents;

/// <summary><c>card compensate</c>: first a plan to look at, then that plan and no other.</summary>
internal static class CompensateCommand
{
    private static readonly StartOptions Start = new();
    private static readonly Option<string[]> Bad = new("--bad") { Description = "Who is owed nothing, by username or id; repeat for more. Default: everyone is to be made whole.", HelpName = "player", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Quarantine = new("--quarantine") { Description = "An account of the house for cards that should never have been.", HelpName = "player" };
    private static readonly Option<bool> Wide = new("--wide") { Description = "Take back also fair trades of cards that were given beside, so that fewer trades have to stand." };
    private static readonly Option<Guid?> Apply = new("--apply") { Description = "Apply this plan exactly as it was shown; needs --as and --reason.", HelpName = "plan" };
    private static readonly Option<Guid?> Show = new("--show") { Description = "Print this plan again, and what became of it.", HelpName = "plan" };
    private static readonly Option<string?> As = new("--as") { Description = "The operator who plans or applies, by username or id.", HelpName = "operator" };
    private static readonly Option<string?> Reason = new("--reason") { Description = "With --apply: why, 1 to 500 characters.", HelpName = "text" };

    public static Command Create()
    {
        var command = new Command("compensate", "Put a bad event right: print a plan, then apply exactly that plan.") { Bad, Quarantine, Wide, Apply, Show, As, Reason };
        Start.AddTo(command);
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        var (apply, show, name, reason) = (arguments.GetValue(Apply), arguments.GetValue(Show), arguments.GetValue(As), arguments.GetValue(Reason));
        if (new[] { apply is not null, show is not null, Start.IsNamed(arguments) }.Count(named => named) != 1)
            throw new GamekeeperException("usage.invalid", "Name a bad event to plan for, or --show PLAN, or --apply PLAN.");
        if (apply is not null && (name is null || reason is null))
            throw new GamekeeperException("usage.invalid", "--apply needs --as OPERATOR and --reason TEXT.");
        var start = Start.IsNamed(arguments) ? Start.Of(arguments) : null;

        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var actor = name is null ? Actor.System(invocation.Clock) : await People.OperatorAsync(gamekeeper, name, invocation.Clock, cancellationToken);
        var compensation =
            apply is { } id ? await ApplyAsync(invocation, gamekeeper, actor, id, reason!, cancellationToken)
            : show is { } shown ? await gamekeeper.Get<CompensationRepository>().FindAsync(shown, cancellationToken) ?? throw NoPlan(shown)
            : await PlanAsync(gamekeeper, actor, start!, arguments, cancellationToken);
        var names = await PlayerNames.OfAsync(gamekeeper, invocation.Terminal.IsJson ? [] : PrintedPlan.People(compensation), cancellationToken);
        invocation.Terminal.Answer(compensation, terminal => PrintedPlan.Write(terminal, compensation, names));
        return ExitCodes.Ok;
    }

    private static async Task<Compensation> PlanAsync(
        OpenedGamekeeper gamekeeper,
        Actor actor,
        LineageStart start,
        ParseResult arguments,
        CancellationToken cancellationToken
    )
    {
        var bad = new List<Guid>();
        foreach (var name in arguments.GetValue(Bad) ?? [])
            bad.Add(await People.PlayerAsync(gamekeeper, name, cancellationToken));
        Guid? house = arguments.GetValue(Quarantine) is { } named ? await People.PlayerAsync(gamekeeper, named, cancellationToken) : null;
        var request = new CompensationRequest(start, bad, house, arguments.GetValue(Wide));
        return await gamekeeper.Get<PlanCompensation>().RunAsync(actor, request, cancellationToken) switch
        {
            PlanCompensationOutcome.Planned planned => planned.Compensation,
            PlanCompensationOutcome.Invalid invalid => throw People.Wrong(invalid.Errors),
            PlanCompensationOutcome.UnknownStart => throw new GamekeeperException("lineage.unknown-start", $"There is no {start}."),
            PlanCompensationOutcome.AlreadyCompensated done => throw new GamekeeperException(
                "lineage.already-compensated",
                $"It has been put right by {string.Join(", ", done.Compensations)}; --show prints that plan."
            ),
            PlanCompensationOutcome.TooLarge large => throw new GamekeeperException(
                "lineage.too-large",
                $"More than {large.Limit} cards are concerned, which is more than one operation moves. Begin with one card or one event."
            ),
            PlanCompensationOutcome.NeedsQuarantine homeless => throw new GamekeeperException(
                "compensations.quarantine-required",
                $"{homeless.Cards.Count} cards came from nowhere and are never deleted: name an account of the house with --quarantine."
            ),
            PlanCompensationOutcome.UnknownPlayer unknown => throw new GamekeeperException("players.unknown", $"{unknown.Player} is no open account."),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    private static async Task<Compensation> ApplyAsync(
        Invocation invocation,
        OpenedGamekeeper gamekeeper,
        Actor actor,
        Guid id,
        string reason,
        CancellationToken cancellationToken
    )
    {
        switch (await gamekeeper.Get<ApplyCompensation>().RunAsync(actor, id, reason, cancellationToken))
        {
            case ApplyCompensationOutcome.Applied applied:
                if (applied.IsReplay)
                    invocation.Terminal.Say("It had been applied before; nothing was changed now.");
                return applied.Compensation;
            case ApplyCompensationOutcome.Outdated outdated:
                foreach (var difference in outdated.Differences)
                    invocation.Terminal.Say($"{difference.Subject} {difference.What}");
                throw new GamekeeperException("compensations.outdated", "The world has moved since the plan was made; nothing was changed. Make a new plan.");
            case ApplyCompensationOutcome.Invalid invalid:
                throw People.Wrong(invalid.Errors);
            default:
                throw NoPlan(id);
        }
    }

    private static GamekeeperException NoPlan(Guid id) => new("compensations.unknown", $"There is no plan {id}.");
}
