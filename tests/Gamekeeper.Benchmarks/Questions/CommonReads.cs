using System.Runtime.CompilerServices;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;
using Gamekeeper.Idempotency;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>Do the five reads that a game makes all the time answer within 50 ms, while sixteen callers ask at once?</summary>
internal sealed class CommonReads : IQuestion
{
    private const int Callers = 16;
    private const double BelowMs = 50;
    private const int OffersOfPlayer = 10;

    public string Name => "common-reads";

    public async IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = databases.Full;
        var options = database.Options;
        await database.LoadDocumentsAsync(cancellationToken);
        var players = await database.PlayersAsync(database.Collectors, cancellationToken);
        await OfferAsync(database, players, cancellationToken);
        var decks = (await database.QueryAsync("select id from summoners_grid.decks order by updated_at desc limit 1000", cancellationToken)).Select(r => Guid.Parse(r[0])).ToList();
        var load = Load.Short(Callers, options);

        var uncached = Reads(database.Get<IServiceProvider>(), database, players, decks);
        foreach (var (name, read) in uncached)
        {
            var runs = await Interleaved.RunAsync(options.Rounds, [_ => load.DriveAsync((client, i, ct) => read(client * 7 + i, ct), cancellationToken)]);
            yield return Line.P95($"{name}, uncached, {Clients.Say(Callers)}", runs[0], BelowMs);
        }

        await using var node = new BenchNode(database, redis: null);
        await node.JoinAsync(cancellationToken);
        var cached = Reads(node.Get<IServiceProvider>(), database, players, decks);
        var all = await Interleaved.RunAsync(
            options.Rounds,
            [_ => load.DriveAsync((client, i, ct) => cached[i % cached.Count].Read(client * 7 + i, ct), cancellationToken)]
        );
        yield return Line.P95($"all five in turn through the cache, {Clients.Say(Callers)}", all[0], BelowMs);
    }

    private static List<(string Name, Func<int, CancellationToken, Task> Read)> Reads(
        IServiceProvider services,
        BenchDatabase database,
        IReadOnlyList<Guid> players,
        List<Guid> decks
    )
    {
        var profiles = services.GetRequiredService<PlayerRepository>();
        var cards = services.GetRequiredService<CardRepository>();
        var deckRepository = services.GetRequiredService<DeckRepository>();
        var templates = services.GetRequiredService<CardTemplateRepository>();
        var trades = services.GetRequiredService<TradeRepository>();
        var collection = new PageRequest(new PageSize(BenchDatabase.CollectionSize));
        var open = new PageRequest(default);
        var actor = Actor.System(database.Clock);
        Guid Player(int i) => players[i % players.Count];
        return
        [
            ("profile", async (i, ct) => Found.Or(await profiles.FindAsync(Player(i), ct))),
            // Those of whom it is known how many they have; offers move nothing.
            ("collection of 200 cards", async (i, ct) => Found.Exactly(BenchDatabase.CollectionSize, Found.Given(await cards.ByOwnerAsync(Player(i), collection, ct)).Count)),
            ("deck", async (i, ct) => Found.Or(await deckRepository.FindAsync(actor, decks[i % decks.Count], ct))),
            ("card template", async (i, ct) => Found.Or(await templates.FindAsync($"bench-{i % database.Options.Templates + 1:000}", ct))),
            ("open trades", async (i, ct) => Found.Exactly(2 * OffersOfPlayer, Found.Given(await trades.ByPlayerAsync(Player(i), TradeStatus.Pending, open, ct)).Count)),
        ];
    }

    // Each player gives some cards to the next one, and is given some by the one before.
    private static async Task OfferAsync(BenchDatabase database, IReadOnlyList<Guid> players, CancellationToken cancellationToken)
    {
        var propose = database.Get<ProposeTrade>();
        var cards = database.Get<CardRepository>();
        for (var p = 0; p < players.Count; p++)
        {
            var owned = Found.Given(await cards.ByOwnerAsync(players[p], new PageRequest(new PageSize(OffersOfPlayer)), cancellationToken));
            foreach (var card in owned.Items)
            {
                var offer = new TradeOffer(players[(p + 1) % players.Count], [card.Card.Id], []);
                var key = new IdempotencyKey($"bench-{card.Card.Id}");
                if (await propose.RunAsync(Actor.Player(players[p], database.Clock), offer, key, cancellationToken) is not ProposeTradeOutcome.Proposed)
                    throw new InvalidOperationException("The offer was not made.");
            }
        }
    }
}
