using Gamekeeper.Accounts;
using Gamekeeper.Idempotency;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.SummonersGrid.Seeding;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid;

/// <summary>A database with the Alpha set in it, and short ways to arrange players, cards and trades through the public verbs.</summary>
internal sealed class GridWorld : IAsyncDisposable
{
    private int _players;
    private int _keys;

    private GridWorld(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    /// <summary>A game server.</summary>
    public Actor Service { get; private init; } = null!;

    public static async Task<GridWorld> CreateAsync(TestDatabaseOptions? options = null, TimeProvider? clock = null)
    {
        var database = await TestDatabase.CreateAsync(options, clock);
        await database.Get<SeedAlphaSet>().RunAsync(CancellationToken.None);
        return new GridWorld(database) { Service = new Actor(ActorKind.Service, Guid.CreateVersion7(), Guid.CreateVersion7()) };
    }

    public T Get<T>()
        where T : notnull => Database.Get<T>();

    public IdempotencyKey NewKey() => new($"test-{Interlocked.Increment(ref _keys)}");

    /// <summary>A player of this game, without e-mail and password.</summary>
    public async Task<Actor> NewPlayerAsync()
    {
        var number = Interlocked.Increment(ref _players);
        var outcome = await Get<SignUp>()
            .RunAsync(new SignUpInput($"player{number}", null, null, $"Player {number}"), Actor.System(Database.Clock));
        var account = outcome.ShouldBeOfType<SignUpOutcome.Created>().Account;
        (await Get<PlayerRepository>().EnsureAsync(account.Id)).ShouldBeTrue();
        return Actor.Player(account.Id, Database.Clock);
    }

    public async Task<IReadOnlyList<Guid>> MintAsync(Actor owner, int count)
    {
        var templates = Enumerable.Range(0, count).Select(i => $"alpha-{(i % 132) + 1:000}").ToList();
        var outcome = await Get<MintCards>().RunAsync(Service, new MintOrder(owner.Key, templates), NewKey());
        return outcome.ShouldBeOfType<MintOutcome.Minted>().CardIds;
    }

    public async Task<Trade> ProposeAsync(Actor from, Actor to, IReadOnlyList<Guid> offered, IReadOnlyList<Guid> requested)
    {
        var outcome = await Get<ProposeTrade>().RunAsync(from, new TradeOffer(to.Key, offered, requested), NewKey());
        return outcome.ShouldBeOfType<ProposeTradeOutcome.Proposed>().Trade;
    }

    public Task<AcceptTradeOutcome> AcceptAsync(Actor by, Trade trade) => Get<AcceptTrade>().RunAsync(by, trade.Id, NewKey());

    public async Task TransferAsync(Guid card, Actor from, Actor to)
    {
        var outcome = await Get<TransferCard>().RunAsync(from, card, from.Key, to.Key, "gift", NewKey());
        outcome.ShouldBeOfType<TransferCardOutcome.Transferred>();
    }

    public async Task<Guid> OwnerOfAsync(Guid card) => (await Get<CardRepository>().FindAsync(card))!.Card.OwnerId;

    /// <summary>What all invariants of the game find, by the public way.</summary>
    public async Task<IReadOnlyList<Integrity.InvariantBreachFound>> BreachesAsync() =>
        await Integrity.InvariantBreachFound.AllAsync(Database);

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
