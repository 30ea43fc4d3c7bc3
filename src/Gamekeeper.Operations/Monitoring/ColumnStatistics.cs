namespace Gamekeeper.Operations.Monitoring;

/// <summary>What PostgreSQL's planner believes about columns.</summary>
/// <param name="Items">By schema, table and column.</param>
/// <param name="Unknown">
/// Tables that have columns and no statistics: never analysed (partitioned ones are not by themselves), or hidden from us by forced row
/// security until the database is provisioned again.
/// </param>
public sealed record ColumnReport(IReadOnlyList<ColumnStatistics> Items, IReadOnlyList<string> Unknown);

/// <summary>
/// What the planner believes about one column. The values it remembers are left out: they are somebody's.
/// </summary>
/// <param name="Schema">The schema.</param>
/// <param name="Table">The table; partitions are left out, their parent speaks for them.</param>
/// <param name="Column">The column.</param>
/// <param name="NDistinct">As PostgreSQL keeps it: above 0 a number of values; below 0 their share of the rows, negated (-1: all differ); 0 not known.</param>
/// <param name="DistinctValues">The same as a number of values, with the estimated rows; null when not known.</param>
/// <param name="NullFraction">Nulls among the rows, 0 to 1.</param>
/// <param name="Correlation">
/// How far the order on disk follows the order of values: 1 wholly, -1 wholly backwards, near 0 not at all; null when values have no order.
/// </param>
/// <param name="AverageWidth">Bytes of a value.</param>
public sealed record ColumnStatistics(
    string Schema,
    string Table,
    string Column,
    double NDistinct,
    long? DistinctValues,
    double NullFraction,
    double? Correlation,
    int AverageWidth
);
