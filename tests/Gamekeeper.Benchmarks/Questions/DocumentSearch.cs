using System.Runtime.CompilerServices;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Decks;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>What does a search among documents cost beside the server's own time?</summary>
internal sealed class DocumentSearch : IQuestion
{
    public string Name => "documents";

    public async IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = databases.Full;
        await database.LoadDocumentsAsync(cancellationToken);
        var page = new PageRequest(default);
        var texts = Enumerable.Range(1, 16)
            .Select(i => $$$"""{"slot1": {"template": "bench-{{{i * 13:000}}}"}, "slot2": {"template": "bench-{{{i:000}}}"}}""")
            .ToList();
        await Plans.UseIndexAsync(database, new SearchDecks(texts[0], null, null, page.Size.RowsToRead), "idx_decks_summon_slots", "decks", cancellationToken);

        var load = new Load(1, database.Options.Duration, database.Options.WarmUp);
        var variables = texts.Select((text, i) => KeyValuePair.Create($"slots{i}", text))
            .Append(new("most", page.Size.RowsToRead.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            .ToList();
        var scripts = texts.Select((_, i) => new PgBenchScript().Statement<SearchDecks>($"slots{i}", "null", "null", "most").ToString()).ToList();
        var search = database.Get<DeckSearch>();
        var measured = await Comparison.RunAsync(
            database.Options.Rounds,
            _ => load.DriveAsync(
                async (_, i, ct) =>
                {
                    if (await search.ContainingAsync(texts[i % texts.Count], page, ct) is not DeckSearchOutcome.Found { Page.Count: > 0 })
                        throw new InvalidOperationException("No deck was found.");
                },
                cancellationToken
            ),
            _ => database.PgBench.RunAsync(load, scripts, variables, fetch: false, cancellationToken)
        );
        yield return Line.Latency($"JSONB containment, {database.Options.Documents:N0} documents", measured, "pgbench, the same statement", 1.3);
    }
}
