using Gamekeeper.Cli.Output;
using Gamekeeper.SummonersGrid.Ownership.Compensating;

namespace Gamekeeper.Cli.Commands.Incidents;

/// <summary>A compensating plan, for people: what moves, what stays and why, and how to apply it.</summary>
internal static class PrintedPlan
{
    /// <summary>Everybody whom it names.</summary>
    public static IEnumerable<Guid> People(Compensation compensation) =>
        compensation.Plan.Cards.SelectMany(c => new[] { c.Owner, c.To, compensation.AppliedBy }).OfType<Guid>();

    public static void Write(Terminal terminal, Compensation compensation, PlayerNames names)
    {
        var plan = compensation.Plan;
        terminal.Write($"Plan {compensation.Id} for {plan.Start}{(plan.IsWide ? ", wide" : "")}, hash {compensation.Hash[..16]}…");
        terminal.Write("");
        var moves = plan.Moves.ToList();
        if (moves.Count > 0)
            terminal.Table(
            [
                ["card", "owner now", "goes to", "why"],
                .. moves.Select(m => new[] { $"{m.CardId}", names.Of(m.Owner), names.Of(m.To!.Value), Why(m) }),
            ]);
        var stays = plan.Cards.Where(c => c.Stands is not null && !c.Moves).ToList();
        if (stays.Count > 0)
        {
            terminal.Write("");
            terminal.Table(
            [
                ["card that stays", "owner", "why", "because of event"],
                .. stays.Select(s => new[] { $"{s.CardId}", names.Of(s.Owner), s.Stands!.Value.Word(), $"{s.Because}" }),
            ]);
        }
        terminal.Write("");
        terminal.Write($"{moves.Count} cards move, {moves.Count(m => m.IsQuarantined)} of them into quarantine; {stays.Count} stay.");
        terminal.Write(compensation.IsApplied
            ? $"Applied {compensation.AppliedAt:u} by {(compensation.AppliedBy is { } by ? names.Of(by) : "the system")}, operation {compensation.OperationId?.ToString() ?? "none, nothing had to move"}."
            : $"Nothing has moved. To apply it: gamekeeper card compensate --apply {compensation.Id} --as OPERATOR --reason TEXT");
    }

    private static string Why(PlannedCard card)
    {
        var why = card.IsQuarantined ? "came from nowhere" : $"back over {card.Undoes.Count} {(card.Undoes.Count == 1 ? "event" : "events")}";
        return card.Stands is { } stands ? $"{why}, no further: {stands.Word()}" : why;
    }
}
