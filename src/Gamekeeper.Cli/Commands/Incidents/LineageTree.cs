using Gamekeeper.SummonersGrid.Ownership.Lineage;

namespace Gamekeeper.Cli.Commands.Incidents;

/// <summary>A lineage as a tree: under each card what it did, and what was taken in exchange for it.</summary>
internal static class LineageTree
{
    // Deeper lines say how deep they are: the width of a chain of ten thousand exchanges would be megabytes a line.
    private const int MaxIndent = 40 * 3;
    private const int MaxSteps = 8;

    public static IEnumerable<string> Draw(CardLineage lineage, PlayerNames names)
    {
        var bought = lineage.Cards.ToLookup(c => c.BoughtWith);
        yield return lineage.Start.ToString();
        foreach (var (card, lead) in Below([.. lineage.Cards.Where(c => c.BoughtWith is null)], bought))
            yield return lead + Told(card, names);
    }

    // Without recursion: a chain of exchanges can be longer than a stack is deep.
    private static IEnumerable<(LineageCard Card, string Lead)> Below(IReadOnlyList<LineageCard> roots, ILookup<Guid?, LineageCard> bought)
    {
        var open = new Stack<(LineageCard Card, string Indent, bool IsLast)>();
        Push(roots, "");
        while (open.TryPop(out var next))
        {
            var isDeep = next.Indent.Length >= MaxIndent;
            yield return (next.Card, $"{next.Indent}{(next.IsLast ? "└─ " : "├─ ")}{(isDeep ? $"[depth {next.Card.Depth}] " : "")}");
            Push([.. bought[next.Card.Id]], isDeep ? next.Indent : next.Indent + (next.IsLast ? "   " : "│  "));
        }

        void Push(IReadOnlyList<LineageCard> cards, string at)
        {
            for (var i = cards.Count - 1; i >= 0; i--)
                open.Push((cards[i], at, i == cards.Count - 1));
        }
    }

    private static string Told(LineageCard card, PlayerNames names)
    {
        var steps = card.Events.Where(e => !e.IsVoid).Select(e => $"{e.Method} to {names.Of(e.To)}").ToList();
        var left = steps.Count - MaxSteps;
        if (left > 0)
            steps = [.. steps.Take(MaxSteps / 2), $"… {left} more …", .. steps.TakeLast(MaxSteps / 2)];
        return $"{card.Id} ({card.TemplateId}){(card.IsFrozen ? " frozen" : "")}: {string.Join(", ", steps)}";
    }
}
