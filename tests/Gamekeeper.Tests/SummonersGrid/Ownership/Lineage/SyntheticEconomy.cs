using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Ownership.Lineage;

/// <summary>
/// Seeded players who open packs, trade and give, through the public verbs, while a model notes what they did. A seed gives the same
/// story each time.
/// </summary>
internal sealed class SyntheticEconomy(GridWorld world, int seed)
{
    private const int AtOnce = 8;

    private readonly Random _random = new(seed);
    private readonly Lock _noting = new();
    private readonly Dictionary<Guid, List<Guid>> _collections = [];

    public GridWorld World { get; } = world;

    public EconomyModel Model { get; } = new();

    public List<Actor> Players { get; } = [];

    public Actor House { get; private set; } = null!;

    public async Task SettleAsync(int players, int cardsEach)
    {
        House = await World.NewPlayerAsync();
        Model.House = House.Key;
        for (var i = 0; i < players; i++)
        {
            Players.Add(await World.NewPlayerAsync());
            await MintAsync(Players[i], cardsEach);
        }
    }

    public Actor Anyone() => Players[_random.Next(Players.Count)];

    public async Task<Guid> MintAsync(Actor owner, int cards)
    {
        var templates = Enumerable.Range(0, cards).Select(_ => $"alpha-{_random.Next(1, 133):000}").ToList();
        var minted = (await World.Get<MintCards>().RunAsync(World.Service, new MintOrder(owner.Key, templates), World.NewKey()))
            .ShouldBeOfType<MintOutcome.Minted>();
        Note(new Deal(minted.OperationId, IsTrade: false, [.. minted.CardIds.Select(c => new Handover(c, null, owner.Key))]));
        return minted.OperationId;
    }

    /// <summary>Trades of one to three cards a side, now and then a gift; of different people some at once, whose order is all one.</summary>
    public async Task LiveAsync(int deals)
    {
        while (deals > 0)
        {
            var (busy, drawn) = (new HashSet<Guid>(), new List<Func<Task>>());
            while (drawn.Count < AtOnce && deals-- > 0)
            {
                var (a, b) = (Anyone(), Anyone());
                if (a == b || Collection(a).Count == 0 || Collection(b).Count == 0 || busy.Contains(a.Key) || busy.Contains(b.Key))
                    continue;
                busy.UnionWith([a.Key, b.Key]);
                if (_random.Next(8) == 0)
                {
                    var gift = Some(a, 1)[0];
                    drawn.Add(() => GiveAsync(gift, a, b));
                }
                else
                {
                    var (given, taken) = (Some(a, _random.Next(1, 4)), Some(b, _random.Next(1, 4)));
                    drawn.Add(() => TradeAsync(a, given, b, taken));
                }
            }
            await Task.WhenAll(drawn.Select(deal => deal()).ToList());
        }
    }

    public async Task<Guid> TradeAsync(Actor a, IReadOnlyList<Guid> given, Actor b, IReadOnlyList<Guid> taken)
    {
        var accepted = (await World.AcceptAsync(b, await World.ProposeAsync(a, b, given, taken))).ShouldBeOfType<AcceptTradeOutcome.Accepted>();
        var handovers = given.Select(c => new Handover(c, a.Key, b.Key)).Concat(taken.Select(c => new Handover(c, b.Key, a.Key)));
        Note(new Deal(accepted.Trade.OperationId!.Value, IsTrade: true, [.. handovers]));
        return accepted.Trade.OperationId!.Value;
    }

    public async Task<Guid> GiveAsync(Guid card, Actor from, Actor to)
    {
        var given = (await World.Get<TransferCard>().RunAsync(from, card, from.Key, to.Key, "gift", World.NewKey()))
            .ShouldBeOfType<TransferCardOutcome.Transferred>();
        Note(new Deal(given.OperationId, IsTrade: false, [new Handover(card, from.Key, to.Key)]));
        return given.OperationId;
    }

    public List<Guid> Collection(Actor player) => _collections.TryGetValue(player.Key, out var cards) ? cards : _collections[player.Key] = [];

    /// <summary>Who owns what, as the database says.</summary>
    public async Task<Dictionary<Guid, Guid>> OwnersAsync()
    {
        var rows = await World.Database.ListAsync<string>(
            Harness.TestRole.Superuser,
            "select id || ' ' || owner_id from summoners_grid.card_instances"
        );
        return rows.Select(r => r.Split(' ')).ToDictionary(r => Guid.Parse(r[0]), r => Guid.Parse(r[1]));
    }

    private List<Guid> Some(Actor player, int count)
    {
        var cards = Collection(player);
        return [.. Enumerable.Range(0, Math.Min(count, cards.Count)).Select(_ => cards[_random.Next(cards.Count)]).Distinct()];
    }

    private void Note(Deal deal)
    {
        using var noting = _noting.EnterScope();
        Model.Deals.Add(deal);
        foreach (var h in deal.Handovers)
        {
            if (h.From is { } from)
                _collections[from].Remove(h.Card);
            (_collections.TryGetValue(h.To, out var cards) ? cards : _collections[h.To] = []).Add(h.Card);
        }
    }
}
