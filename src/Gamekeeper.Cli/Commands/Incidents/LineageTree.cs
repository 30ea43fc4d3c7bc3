using Gamekeeper.SummonersGrid.Ownership.Lineage;

namespace Gamekeeper.Cli.Commands.Incidents;

/// <summary>A lineage as a tree: under each card what it did, and what was taken in exchange for it.</summary>
internal static class LineageTree
{
    public static IEnumerable<string> Draw(CardLineage lineage)
    {
        var bought = lineage.Cards.ToLookup(c => c.BoughtWith);
        yield return lineage.Start.ToString();
        foreach (var line in Below([.. lineage.Cards.Where(c => c.BoughtWith is null)], bought, ""))
            yield return line;
    }

    // Without recursion: a chain of exchanges can be longer than a stack is deep.
    private static IEnumerable<string> Below(IReadOnlyList<LineageCard> roots, ILookup<Guid?, LineageCard> bought, string indent)
    {
        var open = new Stack<(LineageCard Card, string Indent, bool IsLast)>();
        Push(roots, indent);
        while (open.TryPop(out var next))
        {
            yield return $"{next.Indent}{(next.IsLast ? "└─ " : "├─ ")}{Told(next.Card)}";
            Push([.. bought[next.Card.Id]], next.Indent + (next.IsLast ? "   " : "│  "));
        }

        void Push(IReadOnlyList<LineageCard> cards, string at)
        {
            for (var i = cards.Count - 1; i >= 0; i--)
                open.Push((cards[i], at, i == cards.Count - 1));
        }
    }

    private static string Told(LineageCard card)
    {
        var steps = card.Events.Where(e => !e.IsVoid).Select(e => $"{e.Method} to {Short(e.To)}");
        return $"{card.Id} ({card.TemplateId}){(card.IsFrozen ? " frozen" : "")}: {string.Join(", ", steps)}";
    }

    // The last eight digits: of ids made within one minute the first ones are the same.
    private static string Short(Guid id) => "…" + id.ToString("N")[^8..];
}
