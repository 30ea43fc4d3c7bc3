namespace Gamekeeper.Batching;

/// <summary>The one rule for how many rows travel in one statement.</summary>
public static class BatchSize
{
    /// <summary>
    /// Rows of one set-based statement (<c>insert … select * from unnest($1, $2)</c>). Enough that round trips no longer count, few
    /// enough that arrays stay within some megabytes and a statement within its time. Larger sets go in chunks of one transaction:
    /// <code>foreach (var chunk in rows.Chunk(BatchSize.Rows)) unit.Enqueue(new InsertCards(chunk));</code>
    /// </summary>
    public const int Rows = 10_000;
}
