using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;
using Gamekeeper.Idempotency;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.Transactions;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>
/// Offers of three cards for three that wait to be accepted, half of them by the product and half by pgbench. The product has minted every
/// card of them, so their chains are true.
/// </summary>
internal sealed class StagedOffers
{
    private const int CardsOfOffer = 6;

    private readonly int _ofEachSide;
    private int _taken;
    private int _takenStaged;

    private StagedOffers(IReadOnlyList<(Guid Trade, Guid Target)> waiting) => (Waiting, _ofEachSide) = (waiting, waiting.Count / 2);

    /// <summary>All offers by their number.</summary>
    public IReadOnlyList<(Guid Trade, Guid Target)> Waiting { get; }

    /// <summary>Makes so many for each side.</summary>
    public static async Task<StagedOffers> PrepareAsync(BenchDatabase database, int ofEachSide, CancellationToken cancellationToken)
    {
        var traders = Math.Min(200, database.Options.Users / 4) / 2 * 2;
        var firstTrader = database.Options.Users - traders + 1;
        var rounds = (2 * ofEachSide + traders - 1) / traders;
        var since = await database.QueryAsync("select now()::text", cancellationToken);
        var mint = database.Get<MintCards>();
        foreach (var player in await database.PlayersAsync(Enumerable.Range(firstTrader, traders), cancellationToken))
        {
            var order = new MintOrder(player, [.. Enumerable.Range(0, rounds * CardsOfOffer).Select(i => $"bench-{i % database.Options.Templates + 1:000}")]);
            var key = new IdempotencyKey(Guid.CreateVersion7(database.Clock.GetUtcNow()).ToString());
            if (await mint.RunAsync(Actor.System(database.Clock), order, key, cancellationToken) is not MintOutcome.Minted)
                throw new InvalidOperationException("The cards of the traders could not be minted.");
        }
        await database.RunAsync(
            "trades.sql",
            [("first_trader", firstTrader), ("traders", traders), ("trades", 2 * ofEachSide), ("minted_since", since[0][0])],
            cancellationToken
        );
        var rows = await database.QueryAsync("select trade, target from bench.offers order by n", cancellationToken);
        Found.Exactly(2 * ofEachSide, rows.Count);
        return new StagedOffers([.. rows.Select(r => (Guid.Parse(r[0]), Guid.Parse(r[1])))]);
    }

    /// <summary>Number of the first of the offers that our side accepts in this run.</summary>
    public int Take(Load load) => Take(ref _taken, load);

    /// <summary>Number of the first of the offers that pgbench accepts in this run.</summary>
    public int TakeStaged(Load load) => _ofEachSide + Take(ref _takenStaged, load);

    private int Take(ref int taken, Load load)
    {
        var first = taken;
        taken += load.Clients * load.PerClient!.Value;
        return taken <= _ofEachSide ? first : throw new InvalidOperationException("More offers were asked for than were prepared.");
    }
}
