using System.CommandLine;
using Gamekeeper.SummonersGrid.Ownership.Lineage;

namespace Gamekeeper.Cli.Commands.Incidents;

/// <summary>The bad event, as it is named on the command line.</summary>
internal sealed class StartOptions
{
    public Option<Guid?> Operation { get; } = new("--operation") { Description = "The bad operation: a mint, a trade, a transfer.", HelpName = "id" };

    public Option<Guid?> Event { get; } = new("--event") { Description = "The bad event of one card; of a trade it stands for both sides.", HelpName = "id" };

    public Option<Guid?> Card { get; } = new("--card") { Description = "A card, from its first event on.", HelpName = "id" };

    public Option<DateTimeOffset?> Since { get; } = new("--since") { Description = "With --card: from its first event at or after this instant, such as 2026-11-20T03:00Z.", HelpName = "instant" };

    public void AddTo(Command command)
    {
        command.Add(Operation);
        command.Add(Event);
        command.Add(Card);
        command.Add(Since);
    }

    public bool IsNamed(ParseResult arguments) =>
        arguments.GetValue(Operation) is not null || arguments.GetValue(Event) is not null || arguments.GetValue(Card) is not null;

    /// <exception cref="GamekeeperException"><c>usage.invalid</c>: not exactly one of the three.</exception>
    public LineageStart Of(ParseResult arguments) =>
        (arguments.GetValue(Operation), arguments.GetValue(Event), arguments.GetValue(Card), arguments.GetValue(Since)) switch
        {
            ({ } operation, null, null, null) => new LineageStart.OfOperation(operation),
            (null, { } e, null, null) => new LineageStart.OfEvent(e),
            (null, null, { } card, var since) => new LineageStart.OfCard(card, since),
            _ => throw new GamekeeperException("usage.invalid", "Name one of --operation, --event and --card; --since goes with --card only."),
        };
}
