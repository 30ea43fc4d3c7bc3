using System.Runtime.CompilerServices;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Cards;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>What is it worth that templates are in the memory of the process and not joined?</summary>
internal sealed class CollectionOf200 : IQuestion
{
    public string Name => "collection";

    // What a client without templates in memory has to ask: the same cards with the same columns of their templates.
    private const string Joined =
        $"""
        select {CardColumns.All}, {TemplateRow.Columns}
        from summoners_grid.card_instances c
        join summoners_grid.card_templates t on t.id = c.template_id
        where c.owner_id = $1
        order by c.created_at desc, c.id desc
        limit $2
        """;

    public async IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = databases.Full;
        var owners = await database.PlayersAsync(database.Collectors, cancellationToken);
        var variables = owners.Select((p, i) => KeyValuePair.Create($"owner{i}", p.ToString())).ToList();
        var scripts = variables.Select(v => new PgBenchScript().Sql(Joined, v.Key, "size").ToString()).ToList();
        var load = new Load(1, database.Options.Duration, database.Options.WarmUp);
        var measured = await Comparison.RunAsync(
            database.Options.Rounds,
            _ => OursAsync(database, owners, load, cancellationToken),
            _ => database.PgBench.RunAsync(load, scripts, [.. variables, new("size", "200")], fetch: false, cancellationToken)
        );
        yield return Line.Throughput("collection of 200 cards with their templates, newest first", measured, "pgbench running the join", 2);
    }

    public static Task<Run> OursAsync(BenchDatabase database, IReadOnlyList<Guid> owners, Load load, CancellationToken cancellationToken)
    {
        var cards = database.Get<CardRepository>();
        var page = new PageRequest(new PageSize(BenchDatabase.CollectionSize));
        return load.DriveAsync(
            async (client, i, ct) => Found.Exactly(BenchDatabase.CollectionSize, Found.Given(await cards.ByOwnerAsync(owners[(client + i) % owners.Count], page, ct)).Count),
            cancellationToken
        );
    }
}
