namespace Gamekeeper.Operations.Monitoring;

/// <summary>What one table takes, in bytes; of a partitioned one, what its partitions take together.</summary>
/// <param name="Schema">The schema.</param>
/// <param name="Table">The table.</param>
/// <param name="Heap">Rows, with the maps of free space and visibility.</param>
/// <param name="Index">All its indexes.</param>
/// <param name="Toast">Values that are too long for a row, with the index over them.</param>
/// <param name="Rows">Estimated live rows.</param>
/// <param name="DeadRows">Estimated rows that vacuum has yet to clear away.</param>
/// <param name="LastVacuum">By hand or by itself; null for never since statistics were reset. Of partitions, the one longest ago.</param>
/// <param name="LastAnalyze">The same for the planner's statistics.</param>
/// <param name="Partitions">Largest first; empty for a plain table.</param>
public sealed record TableSize(
    string Schema,
    string Table,
    long Heap,
    long Index,
    long Toast,
    long Rows,
    long DeadRows,
    DateTimeOffset? LastVacuum,
    DateTimeOffset? LastAnalyze,
    IReadOnlyList<TableSize> Partitions
)
{
    /// <summary>Everything: what <c>pg_total_relation_size</c> says.</summary>
    public long Total => Heap + Index + Toast;

    /// <summary>Dead rows among all, 0 to 1.</summary>
    public double DeadShare => Rows + DeadRows == 0 ? 0 : Math.Round((double)DeadRows / (Rows + DeadRows), 4);
}
