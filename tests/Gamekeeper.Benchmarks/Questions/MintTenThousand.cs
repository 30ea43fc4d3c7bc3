using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;
using Gamekeeper.Idempotency;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.Transactions;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>How near does a mint, with its chain and its signature, come to loading rows that are finished?</summary>
internal sealed class MintTenThousand : IQuestion
{
    private const int PerRun = 2;

    // Audit triggers are on for both, so both say who acts; the finished rows come from files as fast as the client can read them.
    private const string Copy = """
        select clock_timestamp() as started \gset
        begin;
        select core.set_actor(null, 'system', gen_random_uuid()) \gset
        \copy summoners_grid.card_instances (id, template_id, owner_id, signature, acquired_method, acquisition_data, created_at) from 'FOLDER/cardsNUMBER'
        \copy summoners_grid.ownership_operations (id, sequence, kind, event_count, events_root, key_id, signature, actor_id, actor_kind, created_at) from 'FOLDER/operationNUMBER'
        \copy summoners_grid.ownership_history (id, card_instance_id, position, operation_id, new_owner_id, transfer_method, transfer_data, data_salt, signature, created_at) from 'FOLDER/eventsNUMBER'
        commit;
        select extract(epoch from clock_timestamp() - :'started');

        """;

    private const string Write = """
        \copy (select id, template_id, owner_id, signature, acquired_method, acquisition_data, now() from bench.finished order by id) to 'FOLDER/cardsNUMBER'
        \copy (select * from bench.finished_operation) to 'FOLDER/operationNUMBER'
        \copy (select event, f.id, 1, o.id, f.owner_id, f.acquired_method, f.acquisition_data, f.data_salt, f.signature, now() from bench.finished f cross join bench.finished_operation o order by event) to 'FOLDER/eventsNUMBER'
        """;

    public string Name => "mint";

    public async IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = databases.Full;
        var owner = (await database.PlayersAsync([2], cancellationToken))[0];
        var folder = Directory.CreateTempSubdirectory("gamekeeper-bench-").FullName;
        try
        {
            var model = await MintAsync(database, owner, MintCards.MaxCards, cancellationToken);
            var measured = await Comparison.RunAsync(
                database.Options.Rounds,
                _ => OursAsync(database, owner, MintCards.MaxCards, PerRun, cancellationToken),
                _ => CopyAsync(database, model.OperationId, folder, cancellationToken)
            );
            yield return Line.Throughput("mint 10 000 cards", measured, "\\copy of the finished rows", 0.75);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>So many mints of so many cards, one after the other.</summary>
    public static Task<Run> OursAsync(BenchDatabase database, Guid owner, int cards, int mints, CancellationToken cancellationToken) =>
        new Load(1, TimeSpan.Zero, TimeSpan.Zero, mints).DriveAsync((_, _, ct) => MintAsync(database, owner, cards, ct), cancellationToken);

    private static async Task<MintOutcome.Minted> MintAsync(BenchDatabase database, Guid owner, int cards, CancellationToken cancellationToken)
    {
        var order = new MintOrder(
            owner,
            [.. Enumerable.Range(0, cards).Select(i => $"bench-{i * 7919L % database.Options.Templates + 1:000}")],
            Data: """{"pack":"bench"}"""
        );
        var key = new IdempotencyKey(Guid.CreateVersion7(database.Clock.GetUtcNow()).ToString());
        return await database.Get<MintCards>().RunAsync(Actor.System(database.Clock), order, key, cancellationToken) is MintOutcome.Minted minted
            ? minted
            : throw new InvalidOperationException("The cards were not minted.");
    }

    private static async Task<Run> CopyAsync(BenchDatabase database, Guid model, string folder, CancellationToken cancellationToken)
    {
        // One session, as ours is one; its first copy is not counted, since it fills the caches of a new backend.
        var script = new StringBuilder();
        for (var i = 0; i <= PerRun; i++)
        {
            await database.RunAsync("finished.sql", [("operation", model)], cancellationToken);
            await database.PgBench.PsqlAsync(Numbered(Write, folder, i), cancellationToken);
            script.Append(Numbered(Copy, folder, i));
        }
        var said = await database.PgBench.PsqlAsync(script.ToString(), cancellationToken);
        var samples = new List<Sample>();
        var ended = TimeSpan.Zero;
        foreach (var line in said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            var took = TimeSpan.FromSeconds(double.Parse(line, CultureInfo.InvariantCulture));
            samples.Add(new Sample(ended += took, took));
        }
        Found.Exactly(PerRun, samples.Count);
        return Run.Of(samples, TimeSpan.Zero);
    }

    private static string Numbered(string script, string folder, int number) =>
        script.Replace("FOLDER", folder, StringComparison.Ordinal).Replace("NUMBER", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
