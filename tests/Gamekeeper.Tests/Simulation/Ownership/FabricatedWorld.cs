using Gamekeeper.Simulation.Ownership.Checking;
using Gamekeeper.Simulation.Ownership.Recording;
using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Tests.Simulation.Ownership;

/// <summary>A history that never happened, together with rows that fit it; a test then bends one or the other.</summary>
internal sealed class FabricatedWorld
{
    private long _now;
    private int _ids;

    public List<Request> Requests { get; } = [];

    public List<StoredCard> Cards { get; } = [];

    public List<StoredOperation> Operations { get; } = [];

    public List<StoredEvent> Events { get; } = [];

    public List<StoredTrade> Trades { get; } = [];

    public List<StoredAccount> Accounts { get; } = [];

    public Guid Mira { get; } = new("00000000-0000-0000-0000-00000000000a");

    public Guid Tolo { get; } = new("00000000-0000-0000-0000-00000000000b");

    public Guid Vex { get; } = new("00000000-0000-0000-0000-00000000000c");

    public IReadOnlyList<Breach> Breaches() => [.. Checks.Run(Requests, new Stored(Accounts, Cards, Operations, Events, Trades))];

    /// <summary>Breaches by their rules, each once.</summary>
    public IReadOnlyList<string> Rules() => [.. Breaches().Select(b => b.Rule).Distinct().Order(StringComparer.Ordinal)];

    public Guid NewId() => new(++_ids, 1, 1, [1, 1, 1, 1, 1, 1, 1, 1]);

    /// <summary>Sends something new, after everything before it.</summary>
    public Request Ask(Asked asked, Reply reply)
    {
        var request = new Request(Requests.Count + 1, asked);
        Requests.Add(request);
        Send(request, reply);
        return request;
    }

    /// <summary>Sends it once more, after everything before it.</summary>
    public void Send(Request request, Reply reply) => request.Add(new Send(++_now, ++_now, reply));

    public static Reply.Done Done(Guid id, bool isReplay = false, params Guid[] cards) => new(id, cards, IsReplay: isReplay);

    public Guid Mint(Guid to)
    {
        var card = NewId();
        Ask(new Asked.Mint(to, 1), Done(Store("mint", (card, null, to)), false, card));
        return card;
    }

    public Guid Propose(Guid by, Guid to, Guid offered, Guid? wanted = null)
    {
        var id = NewId();
        Guid[] wants = wanted is { } one ? [one] : [];
        Ask(new Asked.Propose(by, to, [offered], wants), Done(id));
        Trades.Add(new StoredTrade(id, by, to, [offered], wants, "pending", null, null));
        return id;
    }

    /// <summary>The trade completes, and other open ones about its cards end.</summary>
    public Request Accept(Guid trade)
    {
        var row = Trades.Single(t => t.Id == trade);
        var operation = Store("trade", [.. row.Offered.Select(c => (c, (Guid?)row.Proposer, row.Target)), .. row.Wanted.Select(c => (c, (Guid?)row.Target, row.Proposer))]);
        Change(trade, t => t with { Status = "completed", Operation = operation });
        CutOthers([.. row.Offered, .. row.Wanted]);
        return Ask(new Asked.Accept(trade, row.Target), Done(operation));
    }

    public Request Transfer(Guid card, Guid from, Guid to)
    {
        CutOthers([card]);
        return Ask(new Asked.Transfer(card, from, to, from), Done(Store("transfer", (card, from, to))));
    }

    public Request Decline(Guid trade)
    {
        Change(trade, t => t with { Status = "declined" });
        return Ask(new Asked.Decline(trade, Trades.Single(t => t.Id == trade).Target), Done(trade));
    }

    public void Change(Guid trade, Func<StoredTrade, StoredTrade> change) => Trades[Trades.FindIndex(t => t.Id == trade)] = change(Trades.Single(t => t.Id == trade));

    public void Change(Guid card, Func<StoredCard, StoredCard> change) => Cards[Cards.FindIndex(t => t.Id == card)] = change(Cards.Single(t => t.Id == card));

    /// <summary>Undoes an operation in the rows alone, as a crash of a forgetful database would.</summary>
    public void Forget(Guid operation)
    {
        foreach (var e in Events.Where(e => e.Operation == operation).ToList())
        {
            Events.Remove(e);
            Change(e.Card, c => c with { Owner = e.From ?? c.Owner, Events = c.Events - 1 });
        }
        Operations.RemoveAll(o => o.Id == operation);
        foreach (var trade in Trades.Where(t => t.Operation == operation).Select(t => t.Id).ToList())
            Change(trade, t => t with { Status = "pending", Operation = null });
    }

    /// <summary>Writes the rows of an operation.</summary>
    public Guid Store(string kind, params (Guid Card, Guid? From, Guid To)[] moves)
    {
        var operation = NewId();
        Operations.Add(new StoredOperation(operation, Operations.Count + 1, kind, moves.Length));
        foreach (var (card, from, to) in moves)
        {
            if (from is null)
                Cards.Add(new StoredCard(card, to, 0));
            Change(card, c => c with { Owner = to, Events = c.Events + 1 });
            Events.Add(new StoredEvent(card, Cards.Single(c => c.Id == card).Events, operation, from, to, kind));
        }
        return operation;
    }

    private void CutOthers(IReadOnlyCollection<Guid> cards)
    {
        foreach (var open in Trades.Where(t => t.Status == "pending" && t.Offered.Concat(t.Wanted).Any(cards.Contains)).Select(t => t.Id).ToList())
            Change(open, t => t with { Status = "cancelled" });
    }
}
