using System.ComponentModel;
using Gamekeeper.Operations.Monitoring;

namespace Gamekeeper.Server.Endpoints.Ops;

internal sealed record SlowQueriesResponse(
    [property: Description("`server`: PostgreSQL measured, for every client; `process`: this server measured its own statements.")] string Source,
    [property: Description("Why PostgreSQL's own measurements are not to be had and what to do; null when they are.")] string? Note,
    [property: Description("Since when is counted, where known.")] DateTimeOffset? Since,
    IReadOnlyList<SlowQueryResponse> Items
)
{
    public static SlowQueriesResponse Of(SlowQueries slow) =>
        new(
            slow.Source == SlowQuerySource.Server ? "server" : "process",
            slow.Note,
            slow.Since,
            [.. slow.Items.Select(q => new SlowQueryResponse(q.Query, q.Calls, q.TotalTime, q.MeanTime, q.Rows))]
        );
}

internal sealed record SlowQueryResponse(
    [property: Description("The text without constants, or the statement's name.")] string Query,
    long Calls,
    [property: Description("Milliseconds of all calls.")] double TotalTime,
    [property: Description("Milliseconds of one call.")] double MeanTime,
    [property: Description("Rows of all calls; null where this server measured.")] long? Rows
);

internal sealed record TableSizesResponse(IReadOnlyList<TableSizeResponse> Items);

internal sealed record TableSizeResponse(
    string Schema,
    string Table,
    [property: Description("Bytes of heap, indexes and TOAST.")] long Total,
    long Heap,
    long Index,
    long Toast,
    [property: Description("Estimated.")] long Rows,
    [property: Description("Rows that vacuum has yet to clear away, among all; 0 to 1.")] double DeadShare,
    DateTimeOffset? LastVacuum,
    DateTimeOffset? LastAnalyze,
    [property: Description("Largest first; empty for a plain table.")] IReadOnlyList<PartitionSizeResponse> Partitions
)
{
    public static TableSizeResponse Of(TableSize size) =>
        new(
            size.Schema,
            size.Table,
            size.Total,
            size.Heap,
            size.Index,
            size.Toast,
            size.Rows,
            size.DeadShare,
            size.LastVacuum,
            size.LastAnalyze,
            [
                .. size.Partitions.Select(p => new PartitionSizeResponse(
                    p.Table,
                    p.Total,
                    p.Heap,
                    p.Index,
                    p.Toast,
                    p.Rows,
                    p.DeadShare,
                    p.LastVacuum,
                    p.LastAnalyze
                )),
            ]
        );
}

internal sealed record PartitionSizeResponse(
    string Table,
    long Total,
    long Heap,
    long Index,
    long Toast,
    long Rows,
    double DeadShare,
    DateTimeOffset? LastVacuum,
    DateTimeOffset? LastAnalyze
);

internal sealed record ColumnReportResponse(
    IReadOnlyList<ColumnStatisticsResponse> Items,
    [property: Description("Tables without statistics: never analysed, or hidden by row security until the database is provisioned again.")]
        IReadOnlyList<string> Unknown
);

internal sealed record ColumnStatisticsResponse(
    string Schema,
    string Table,
    string Column,
    [property: Description("Above 0 a number of values, below 0 their share of the rows negated, 0 not known.")] double NDistinct,
    [property: Description("The same as a number of values.")] long? DistinctValues,
    double NullFraction,
    [property: Description("How far the order on disk follows the order of values, -1 to 1.")] double? Correlation,
    [property: Description("Bytes.")] int AverageWidth
)
{
    public static ColumnStatisticsResponse Of(ColumnStatistics c) =>
        new(c.Schema, c.Table, c.Column, c.NDistinct, c.DistinctValues, c.NullFraction, c.Correlation, c.AverageWidth);
}

internal sealed record IndexAdviceResponse(
    [property: Description("Since when reads are counted, at the least.")] DateTimeOffset CountedSince,
    IReadOnlyList<IndexFindingResponse> Findings,
    [property: Description("Checks that were left out, and why.")] IReadOnlyList<NotJudgedResponse> NotJudged,
    [property: Description("Indexes that stay on purpose: their comment begins with `kept:`.")] IReadOnlyList<KeptIndexResponse> Kept
)
{
    public static IndexAdviceResponse Of(IndexAdvice advice) =>
        new(
            advice.CountedSince,
            [
                .. advice.Findings.Select(f => new IndexFindingResponse(
                    f.Check,
                    f.Schema,
                    f.Table,
                    f.Index,
                    f.Threshold,
                    f.Reason,
                    f.Ddl,
                    f.EstimatedBytes
                )),
            ],
            [.. advice.NotJudged.Select(n => new NotJudgedResponse(n.Check, n.Index, n.Why))],
            [.. advice.Kept.Select(k => new KeptIndexResponse(k.Check, k.Schema, k.Index, k.Why))]
        );
}

internal sealed record IndexFindingResponse(
    string Check,
    string Schema,
    string Table,
    string? Index,
    string Threshold,
    string Reason,
    [property: Description("For the tables' owner to run outside a transaction; null where somebody has to look first.")] string? Ddl,
    long? EstimatedBytes
);

internal sealed record NotJudgedResponse(string Check, string? Index, string Why);

internal sealed record KeptIndexResponse(string Check, string Schema, string Index, string Why);
