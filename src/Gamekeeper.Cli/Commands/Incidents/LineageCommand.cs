using System.CommandLine;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Output;
using Gamekeeper.SummonersGrid.Ownership.Lineage;

namespace Gamekeeper.Cli.Commands.Incidents;

/// <summary><c>card lineage</c>: all that came of a bad event, drawn; with <c>--freeze</c> it stays where it is.</summary>
internal static class LineageCommand
{
    private static readonly StartOptions Start = new();
    private static readonly Option<int?> Depth = new("--depth") { Description = "Leave out what lies more exchanges away; 0 shows the cards of the bad event alone.", HelpName = "n" };
    private static readonly Option<bool> Freeze = new("--freeze") { Description = "Freeze every card of it, whoever holds it by now; needs --as and --reason." };
    private static readonly Option<string?> As = new("--as") { Description = "The operator who freezes, by username or id.", HelpName = "operator" };
    private static readonly Option<string?> Reason = new("--reason") { Description = "A word for why, such as duped.", HelpName = "word" };

    public static Command Create()
    {
        var command = new Command("lineage", "Find every card that came of a bad event: its later moves, what was taken in exchange for it, and so on.") { Depth, Freeze, As, Reason };
        Start.AddTo(command);
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        var start = Start.Of(arguments);
        var (freezer, reason) = (arguments.GetValue(As), arguments.GetValue(Reason));
        if (arguments.GetValue(Freeze) && (freezer is null || reason is null))
            throw new GamekeeperException("usage.invalid", "--freeze needs --as OPERATOR and --reason WORD.");
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        if (arguments.GetValue(Freeze))
            await FreezeAsync(invocation, gamekeeper, start, freezer!, reason!, cancellationToken);
        var lineage = await gamekeeper.Get<TraceLineage>().RunAsync(start, arguments.GetValue(Depth), cancellationToken) switch
        {
            LineageOutcome.Traced traced => traced.Lineage,
            LineageOutcome.Invalid invalid => throw People.Wrong(invalid.Errors),
            _ => throw Unknown(start),
        };
        var names = await PlayerNames.OfAsync(
            gamekeeper,
            invocation.Terminal.IsJson ? [] : lineage.Cards.SelectMany(c => c.Events.Select(e => e.To).Append(c.OwnerId)),
            cancellationToken
        );
        invocation.Terminal.Answer(
            new
            {
                start = start.ToString(),
                cards = lineage.Cards,
                trades = lineage.Trades,
                is_truncated = lineage.IsTruncated,
                is_cut_at_depth = lineage.IsCutAtDepth,
                compensations = lineage.Compensations,
            },
            terminal => Print(terminal, lineage, names)
        );
        return ExitCodes.Ok;
    }

    private static async Task FreezeAsync(
        Invocation invocation,
        OpenedGamekeeper gamekeeper,
        LineageStart start,
        string freezer,
        string reason,
        CancellationToken cancellationToken
    )
    {
        var actor = await People.OperatorAsync(gamekeeper, freezer, invocation.Clock, cancellationToken);
        switch (await gamekeeper.Get<FreezeLineage>().RunAsync(actor, start, reason, cancellationToken))
        {
            case FreezeLineageOutcome.Done done:
                invocation.Terminal.Say($"{done.Frozen} cards frozen now, {done.Lineage.Cards.Count} in all.");
                return;
            case FreezeLineageOutcome.Invalid invalid:
                throw People.Wrong(invalid.Errors);
            case FreezeLineageOutcome.TooLarge large:
                throw new GamekeeperException("lineage.too-large", $"More than {large.Limit} came of it. Begin with one card or one event, or freeze the accounts.");
            default:
                throw Unknown(start);
        }
    }

    private static void Print(Terminal terminal, CardLineage lineage, PlayerNames names)
    {
        foreach (var compensation in lineage.Compensations)
            terminal.Write($"Put right, in part or whole, by compensation {compensation}.");
        if (lineage.Cards.Count == 0)
        {
            terminal.Write($"Nothing is left of {lineage.Start}.");
            return;
        }
        foreach (var line in LineageTree.Draw(lineage, names))
            terminal.Write(line);
        terminal.Write("");
        terminal.Table(
        [
            ["depth", "card", "copy of", "owner now", "moved", "frozen"],
            .. lineage.Cards.Select(c => new[] { $"{c.Depth}", $"{c.Id}", c.TemplateId, names.Of(c.OwnerId), $"{c.Events.Count - 1}", c.IsFrozen ? "frozen" : "" }),
        ]);
        terminal.Write("");
        terminal.Write($"{lineage.Cards.Count} cards in the hands of {lineage.Cards.Select(c => c.OwnerId).Distinct().Count()}, over {lineage.Trades.Count} trades.");
        if (lineage.IsCutAtDepth)
            terminal.Write("Cards of greater depth are left out, as was asked.");
        if (lineage.IsTruncated)
            terminal.Write($"TRUNCATED: more than {TraceLineage.MaxEvents} events came of it; this is not all.");
    }

    private static GamekeeperException Unknown(LineageStart start) => new("lineage.unknown-start", $"There is no {start}.");
}
