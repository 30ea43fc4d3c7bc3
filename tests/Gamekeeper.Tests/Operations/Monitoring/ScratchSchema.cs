using Gamekeeper.Operations.Monitoring;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Operations.Monitoring;

/// <summary>A database with one schema more, into which a test plants what is to be found.</summary>
internal static class ScratchSchema
{
    /// <summary>Options that let nothing pass for being young or small.</summary>
    public static TestDatabaseOptions Strict(Action<MonitoringOptions>? more = null) =>
        new(Configure: services => services.Configure<MonitoringOptions>(o =>
        {
            o.UnusedAfter = TimeSpan.Zero;
            o.UnusedMinBytes = 0;
            more?.Invoke(o);
        }));

    public static Task<IndexAdvice> AdviceAsync(this TestDatabase db, params string[] schemas) =>
        db.Get<OptimizeIndexes>().RunAsync(schemas, CancellationToken.None);

    /// <summary>As "check: index or table".</summary>
    public static IEnumerable<string> Told(this IndexAdvice advice, string check) =>
        advice.Findings.Where(f => f.Check == check).Select(f => f.Index ?? f.Table).Order(StringComparer.Ordinal);
}
