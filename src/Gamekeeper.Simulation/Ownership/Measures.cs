using Gamekeeper.Simulation.Ownership.Recording;

namespace Gamekeeper.Simulation.Ownership;

/// <summary>What was done, counted from the record of it and not from the schedule.</summary>
internal static class Measures
{
    public static IReadOnlyList<KindCount> Kinds(IEnumerable<Request> requests) =>
        [
            .. requests.GroupBy(r => r.Asked.Kind).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new KindCount(
                g.Key,
                g.Count(),
                g.Sum(r => r.Sends.Count),
                g.Count(r => r.Acknowledged is not null),
                g.Count(r => r.Acknowledged is null && r.IsSettled),
                g.Count(r => r.Sends.Any(s => s.Reply is Reply.Unknown)),
                g.Count(r => !r.IsSettled))),
        ];

    public static IReadOnlyDictionary<string, int> Codes(IEnumerable<Request> requests) =>
        Counted(requests.SelectMany(r => r.Sends).Select(s => s.Reply).OfType<Reply.Refused>().Select(r => r.Code));

    public static IReadOnlyDictionary<string, int> Reasons(IEnumerable<Request> requests) =>
        Counted(requests.SelectMany(r => r.Sends).Select(s => s.Reply).OfType<Reply.Unknown>().Select(r => r.Why));

    public static Shares Shares(IReadOnlyCollection<Request> requests, IReadOnlySet<Guid> hot)
    {
        var offers = requests.Where(r => r.Asked is Asked.Propose && r.Acknowledged is not null).ToDictionary(r => r.Acknowledged!.Id, r => (Asked.Propose)r.Asked);
        var keyed = requests.Where(r => r.Asked.HasKey).ToList();
        return new Shares(
            offers.Count,
            Part(offers.Values.Count(o => o.Cards.Any(hot.Contains)), offers.Count),
            Part(Rivals(requests, offers).Count, offers.Count),
            keyed.Count(r => Overlap(r.Sends)),
            keyed.Count(r => r.Acknowledged is not null && r.Sends.Any(s => s.Began > r.DoneBy)));
    }

    // Trades with an acceptance under way at the same time as that of another trade about one of their cards.
    private static HashSet<Guid> Rivals(IEnumerable<Request> requests, Dictionary<Guid, Asked.Propose> offers)
    {
        var accepted = requests.Where(r => r is { Asked: Asked.Accept a, Sends.Count: > 0 } && offers.ContainsKey(a.Trade))
            .Select(r => (((Asked.Accept)r.Asked).Trade, First: r.Sends[0]))
            .SelectMany(a => offers[a.Trade].Cards.Select(card => (Card: card, a.Trade, a.First.Began, a.First.Ended)));
        var rivals = new HashSet<Guid>();
        foreach (var ofCard in accepted.GroupBy(a => a.Card))
        {
            var inOrder = ofCard.OrderBy(a => a.Began).ToList();
            for (var i = 0; i < inOrder.Count; i++)
                for (var j = i + 1; j < inOrder.Count && inOrder[j].Began <= inOrder[i].Ended; j++)
                    if (inOrder[i].Trade != inOrder[j].Trade)
                        rivals.UnionWith([inOrder[i].Trade, inOrder[j].Trade]);
        }
        return rivals;
    }

    private static bool Overlap(IReadOnlyList<Send> sends) =>
        sends.OrderBy(s => s.Began).Zip(sends.OrderBy(s => s.Began).Skip(1), (one, next) => next.Began < one.Ended).Any(o => o);

    private static double Part(int of, int all) => all == 0 ? 0 : Math.Round((double)of / all, 3);

    private static SortedDictionary<string, int> Counted(IEnumerable<string> words) =>
        new(words.GroupBy(w => w).ToDictionary(g => g.Key, g => g.Count()), StringComparer.Ordinal);
}
