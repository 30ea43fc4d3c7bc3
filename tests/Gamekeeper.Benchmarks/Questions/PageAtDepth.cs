using System.Globalization;
using System.Runtime.CompilerServices;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Cards;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>Does a page of fifty cost the same nine hundred thousand rows down?</summary>
internal sealed class PageAtDepth : IQuestion
{
    private const int Size = 50;

    public string Name => "page";

    public async IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = databases.Full;
        var load = new Load(1, database.Options.Duration, database.Options.WarmUp);
        var place = await PlaceAsync(database, cancellationToken);
        Dictionary<string, string> variables = new()
        {
            ["owner"] = place.Owner.ToString(),
            ["created"] = place.Created.ToString("O"),
            ["card"] = place.Card.ToString(),
            ["size"] = new PageSize(Size).RowsToRead.ToString(CultureInfo.InvariantCulture),
        };
        var first = new PgBenchScript().Together(s => s.Statement<NewestCards>("owner", "size").Statement<ReadCatalogueVersion>());
        var deep = new PgBenchScript().Together(s => s.Statement<OlderCards>("owner", "created", "card", "size").Statement<ReadCatalogueVersion>());
        var runs = await Interleaved.RunAsync(
            database.Options.Rounds,
            [
                _ => OursAsync(database, place with { Cursor = null }, load, cancellationToken),
                _ => database.PgBench.RunAsync(load, [first.ToString()], variables, fetch: false, cancellationToken),
                _ => OursAsync(database, place, load, cancellationToken),
                _ => database.PgBench.RunAsync(load, [deep.ToString()], variables, fetch: false, cancellationToken),
            ]
        );
        yield return Line.Latency("page of 50 cards, the first", new(runs[0], runs[1]), "pgbench, the same statements", 2);
        yield return Line.Latency($"page of 50 cards, {place.Depth:N0} rows down", new(runs[2], runs[3]), "pgbench, the same statements", 2);
        var (less, more) = runs[0].P50 < runs[2].P50 ? (runs[0], runs[2]) : (runs[2], runs[0]);
        yield return Line.Latency($"page of 50 cards, first and {place.Depth:N0} rows down, the slower", new(more, less), "the faster of the two", 1.3);
    }

    /// <summary>A place deep in the hoarder's cards (nine tenths of all cards where there are many), reached as anybody reaches it: page by page.</summary>
    public static async Task<Place> PlaceAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        var owner = (await database.PlayersAsync([1], cancellationToken))[0];
        var cards = database.Get<CardRepository>();
        var held = await database.QueryAsync("select count(*) from summoners_grid.card_instances where owner_id = bench.player(1)", cancellationToken);
        var wanted = Math.Min(database.Cards / 10 * 9, int.Parse(held[0][0], CultureInfo.InvariantCulture) - 1000);
        var place = new Place(owner, 0, default, default, null);
        while (place.Depth < wanted)
        {
            var page = Found.Given(await cards.ByOwnerAsync(owner, new PageRequest(new PageSize(PageSize.Max), place.Cursor), cancellationToken));
            if (page.NextCursor is null)
                throw new InvalidOperationException($"The hoard ends {place.Depth + page.Count} cards down; {wanted} were wanted.");
            place = new Place(owner, place.Depth + page.Count, page.Items[^1].Card.CreatedAt, page.Items[^1].Card.Id, page.NextCursor);
        }
        return place;
    }

    public static Task<Run> OursAsync(BenchDatabase database, Place place, Load load, CancellationToken cancellationToken)
    {
        var cards = database.Get<CardRepository>();
        var page = new PageRequest(new PageSize(Size), place.Cursor);
        return load.DriveAsync(
            async (_, _, ct) => Found.Exactly(Size, Found.Given(await cards.ByOwnerAsync(place.Owner, page, ct)).Count),
            cancellationToken
        );
    }
}

/// <summary>A place in a list.</summary>
internal sealed record Place(Guid Owner, int Depth, DateTimeOffset Created, Guid Card, string? Cursor);
