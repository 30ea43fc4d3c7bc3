using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Operations.Monitoring;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.Ops;

/// <summary>Reports on the database: what is slow, what is large, which indexes are missing or superfluous. They change nothing.</summary>
internal static class DatabaseEndpoints
{
    public static void Map(RouteGroupBuilder ops)
    {
        var database = ops.MapGroup("/database");
        database
            .MapGet("/slow-queries", SlowQueriesAsync)
            .WithName("analyzeSlowQueries")
            .WithSummary("Statements of this database whose mean time is above the limit (100 ms), slowest first, at most 20");
        database
            .MapGet("/table-sizes", TableSizesAsync)
            .WithName("getTableSizes")
            .WithSummary("What every table takes, largest first, partitions under their parents");
        database
            .MapGet("/column-statistics", ColumnsAsync)
            .WithName("getColumnStatistics")
            .WithSummary("What the planner believes about every column, without the values it remembers");
        database
            .MapGet("/index-advice", IndexesAsync)
            .WithName("optimizeIndexes")
            .WithSummary("Missing, unused, duplicate, prefix and invalid indexes, each with reason and remedy");
    }

    private static async Task<Ok<SlowQueriesResponse>> SlowQueriesAsync(AnalyzeSlowQueries queries, CancellationToken cancellationToken) =>
        TypedResults.Ok(SlowQueriesResponse.Of(await queries.RunAsync(cancellationToken)));

    private static async Task<Ok<TableSizesResponse>> TableSizesAsync(GetTableSizes sizes, CancellationToken cancellationToken) =>
        TypedResults.Ok(new TableSizesResponse([.. (await sizes.RunAsync(cancellationToken)).Select(TableSizeResponse.Of)]));

    private static async Task<Ok<ColumnReportResponse>> ColumnsAsync(
        [StringLength(127, MinimumLength = 1), Description("One table only, as `schema.table`; one that is not there has no columns.")] string? table,
        GetColumnStatistics columns,
        CancellationToken cancellationToken
    )
    {
        var report = await columns.RunAsync(table, cancellationToken);
        return TypedResults.Ok(new ColumnReportResponse([.. report.Items.Select(ColumnStatisticsResponse.Of)], report.Unknown));
    }

    private static async Task<Ok<IndexAdviceResponse>> IndexesAsync(OptimizeIndexes indexes, CancellationToken cancellationToken) =>
        TypedResults.Ok(IndexAdviceResponse.Of(await indexes.RunAsync(cancellationToken)));
}
