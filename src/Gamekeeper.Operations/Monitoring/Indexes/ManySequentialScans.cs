namespace Gamekeeper.Operations.Monitoring.Indexes;

/// <summary>Large tables that are often read from end to end. Which index is missing only the statements tell.</summary>
internal sealed class ManySequentialScans : IIndexCheck
{
    private const string Check = "many-sequential-scans";

    /// <summary>One that stops early, such as a look whether the table is empty, reads a small part of it.</summary>
    private const int LeastShareRead = 10;

    public void Judge(IndexCatalogue catalogue, MonitoringOptions options, IndexVerdict verdict)
    {
        foreach (var table in catalogue.Tables.Where(t => t.Rows >= options.ManyRows && t.SequentialScans >= options.ManyScans))
        {
            var rowsOfOne = table.SequentialRows / table.SequentialScans;
            if (rowsOfOne < table.Rows / LeastShareRead)
                continue;
            verdict.Findings.Add(
                new(
                    Check,
                    table.Schema,
                    table.Name,
                    null,
                    $"{options.ManyRows} rows, {options.ManyScans} reads from end to end",
                    $"{table.SequentialScans} reads from end to end of {rowsOfOne} rows each since {catalogue.CountedSince:u}, beside {table.IndexScans} through an index. "
                        + "Find the statements in the slow queries, explain them, and index what they filter or join by.",
                    null,
                    null
                )
            );
        }
    }
}
