using System.Globalization;
using System.Runtime.CompilerServices;
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
        \set ON_ERROR_STOP 1
        select clock_timestamp() as started \gset
        begin;
        select core.set_actor(null, 'system', gen_random_uuid()) \gset
        \copy summoners_grid.card_instances (id, template_id, owner_id, signature, acquired_method, acquisition_data, created_at) from 'FOLDER/cards'
        \copy summoners_grid.ownership_operations (id, sequence, kind, event_count, events_root, key_id, signature, actor_id, actor_kind, created_at) from 'FOLDER/operation'
        \copy summoners_grid.ownership_history (id, card_instance_id, position, operation_id, new_owner_id, transfer_method, transfer_data, data_salt, signature, created_at) from 'FOLDER/events'
        commit;
        select extract(epoch from clock_timestamp() - :'started');
        """;

    private const string Write = """
        \copy (select id, template_id, owner_id, signature, acquired_method, acquisition_data, now() from bench.finished order by id) to 'FOLDER/cards'
        \copy (select * from bench.finished_operation) to 'FOLDER/operation'
        \copy (select event, f.id, 1, o.id, f.owner_id, f.acquired_method, f.acquisition_data, f.data_salt, f.signature, now() from bench.finished f cross join bench.finished_operation o order by event) to 'FOLDER/events'
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
        var samples = new List<Sample>();
        var ended = TimeSpan.Zero;
        for (var i = 0; i < PerRun; i++)
        {
            await database.RunAsync("finished.sql", [("operation", model)], cancellationToken);
            await database.PgBench.PsqlAsync(Write.Replace("FOLDER", folder, StringComparison.Ordinal), cancellationToken);
            var said = await database.PgBench.PsqlAsync(Copy.Replace("FOLDER", folder, StringComparison.Ordinal), cancellationToken);
            var took = TimeSpan.FromSeconds(double.Parse(said.Trim(), CultureInfo.InvariantCulture));
            samples.Add(new Sample(ended += took, took));
        }
        return Run.Of(samples, TimeSpan.Zero);
    }
}
