using Gamekeeper.Operations.Monitoring.Indexes;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Operations.Monitoring;

/// <summary>
/// Looks for missing and superfluous indexes in the schemas of the core and the games. Advice only: nothing is changed. Safe to repeat.
/// </summary>
public sealed class OptimizeIndexes(
    GameDatabase database,
    ModuleCatalogue modules,
    IOptions<MonitoringOptions> options,
    IOptions<GameDatabaseOptions> servers,
    TimeProvider clock
)
{
    private static readonly IIndexCheck[] Checks =
    [
        new UnindexedForeignKeys(),
        new InvalidIndexes(),
        new DuplicateIndexes(),
        new PrefixIndexes(),
        new UnusedIndexes(),
        new ManySequentialScans(),
    ];

    /// <summary>All checks over one look at the catalogues, in one round trip.</summary>
    public Task<IndexAdvice> RunAsync(CancellationToken cancellationToken = default) => RunAsync([.. modules.Schemas], cancellationToken);

    internal async Task<IndexAdvice> RunAsync(string[] schemas, CancellationToken cancellationToken)
    {
        var catalogue = await database.ReadAsync(ReadConsistency.Strong, null, (scope, ct) => LookAsync(scope, schemas, ct), cancellationToken);
        var verdict = new IndexVerdict();
        foreach (var check in Checks)
            check.Judge(catalogue, options.Value, verdict);
        return new(catalogue.CountedSince, verdict.Findings, verdict.NotJudged, verdict.Kept);
    }

    private async Task<IndexCatalogue> LookAsync(ReadScope scope, string[] schemas, CancellationToken cancellationToken)
    {
        var indexes = scope.Enqueue(new ReadIndexes(schemas));
        var keys = scope.Enqueue(new ReadForeignKeys(schemas));
        var tables = scope.Enqueue(new ReadTableUse(schemas));
        var counting = await scope.FirstAsync(new ReadCounting(), cancellationToken);
        // One that is configured may be away at this moment.
        var hasReplicas = counting!.Replicas > 0 || servers.Value.ReplicaConnectionString is not null;
        return new(indexes.Rows, keys.Rows, tables.Rows, counting.Since, clock.GetUtcNow() - counting.Since, hasReplicas);
    }
}
