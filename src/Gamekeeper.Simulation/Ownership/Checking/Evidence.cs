using Gamekeeper.Simulation.Ownership.Recording;

namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>What was asked and answered, what is stored, and the model that follows from both.</summary>
internal sealed class Evidence
{
    private readonly ILookup<Guid, Guid> _tradeOf;

    public Evidence(IReadOnlyCollection<Request> requests, Stored stored)
    {
        Requests = [.. requests.OrderBy(r => r.Number)];
        Stored = stored;
        Offers = [];
        OfferOf = [];
        Causes = [];
        foreach (var request in Requests)
            foreach (var (_, done) in request.Acknowledgements)
                switch (request.Asked)
                {
                    case Asked.Propose propose:
                        Offers.TryAdd(done.Id, propose);
                        OfferOf.TryAdd(done.Id, request);
                        break;
                    case Asked.Mint or Asked.Transfer or Asked.Accept:
                        Causes.TryAdd(done.Id, request);
                        break;
                }
        Enders = Requests.Where(r => r.Acknowledged is not null && TradeRules.TradeOf(r.Asked) is not null)
            .ToLookup(r => TradeRules.TradeOf(r.Asked)!.Value);
        Events = stored.Events.ToLookup(e => e.Operation);
        _tradeOf = stored.Trades.Where(t => t.Operation is not null).ToLookup(t => t.Operation!.Value, t => t.Id);
        Timeline = new Timeline([.. stored.Operations.OrderBy(o => o.Sequence).Select(EffectOf)]);
        IndexOf = Timeline.Effects.Index().GroupBy(e => e.Item.Operation).ToDictionary(g => g.Key, g => g.First().Index);
    }

    public IReadOnlyList<Request> Requests { get; }

    public Stored Stored { get; }

    /// <summary>What was asked for in an acknowledged offer, by the trade.</summary>
    public Dictionary<Guid, Asked.Propose> Offers { get; }

    /// <summary>The request that made a trade.</summary>
    public Dictionary<Guid, Request> OfferOf { get; }

    /// <summary>The request that was acknowledged for an operation.</summary>
    public Dictionary<Guid, Request> Causes { get; }

    /// <summary>Requests that were told they ended a trade.</summary>
    public ILookup<Guid, Request> Enders { get; }

    /// <summary>Stored events by their operation.</summary>
    public ILookup<Guid, StoredEvent> Events { get; }

    public Timeline Timeline { get; }

    /// <summary>Where an operation stands in the timeline.</summary>
    public IReadOnlyDictionary<Guid, int> IndexOf { get; }

    /// <summary>The effect of a request on cards, by its place in the timeline; null when it had none.</summary>
    public int? EffectOf(Request request) => request.Acknowledged is { } done && IndexOf.TryGetValue(done.Id, out var index) ? index : null;

    /// <summary>The states that a sending may have met. What the request itself has done lies behind its own refusals.</summary>
    public (int First, int Last) Window(Request request, Send send)
    {
        var (first, last) = Timeline.Window(send.Began, send.Ended);
        return (first, EffectOf(request) is { } own ? Math.Min(last, own) : last);
    }

    /// <summary>What a request does to cards, by what was asked; null when it cannot be told, since the trade was never acknowledged.</summary>
    public IReadOnlyList<Move>? MovesOf(Request request, Reply.Done done) =>
        request.Asked switch
        {
            Asked.Mint mint => [.. done.Cards.Select(c => new Move(c, null, mint.To))],
            Asked.Transfer t => [new Move(t.Card, t.From, t.To)],
            Asked.Accept a when Offers.TryGetValue(a.Trade, out var offer) =>
                [.. offer.Offered.Select(c => new Move(c, offer.By, offer.To)), .. offer.Wanted.Select(c => new Move(c, offer.To, offer.By))],
            _ => null,
        };

    private Effect EffectOf(StoredOperation operation)
    {
        var cause = Causes.GetValueOrDefault(operation.Id);
        var told = cause?.Acknowledgements.Where(a => a.Done.Id == operation.Id).ToList();
        var moves = told is null ? null : MovesOf(cause!, told[0].Done);
        return new Effect(
            operation.Id,
            cause,
            (cause?.Asked as Asked.Accept)?.Trade ?? _tradeOf[operation.Id].Select(t => (Guid?)t).FirstOrDefault(),
            cause?.Began ?? long.MinValue,
            told?.Min(a => a.Send.Ended) ?? long.MaxValue,
            moves ?? [.. Events[operation.Id].Select(e => new Move(e.Card, e.From, e.To))]);
    }
}
