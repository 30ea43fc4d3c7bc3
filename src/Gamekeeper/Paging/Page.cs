namespace Gamekeeper.Paging;

/// <summary>One keyset page.</summary>
/// <param name="Items">The rows, in the order of the list; empty when there are none.</param>
/// <param name="NextCursor">Leads to the next page; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>More rows follow.</summary>
    public bool HasNext => NextCursor is not null;

    /// <summary>Rows on this page; how many there are in all is not counted.</summary>
    public int Count => Items.Count;

    /// <summary>The same page of other things, such as wire records.</summary>
    public Page<TOther> Map<TOther>(Func<T, TOther> map) => new([.. Items.Select(map)], NextCursor);
}

/// <summary>
/// Makes a page of what a keyset query read. The query compares whole rows, with all columns in one direction and a unique one last,
/// and reads one row more than it shows:
/// <code>
/// select id, created_at, name
/// from summoners_grid.cards
/// where owner_id = $1
///   and (created_at, id) &lt; ($2, $3)   -- left out on the first page; &gt; where the list ascends
/// order by created_at desc, id desc
/// limit $4                            -- PageSize.RowsToRead
/// </code>
/// </summary>
public static class Page
{
    /// <summary>Builds the page.</summary>
    /// <param name="rows">What the query read: at most <see cref="PageSize.RowsToRead"/>.</param>
    /// <param name="size">The size asked for.</param>
    /// <param name="toCursor">Writes the cursor of the last row shown; called only when more rows follow.</param>
    /// <exception cref="ArgumentException">More rows were read than the size allows: the query forgot its limit.</exception>
    public static Page<T> From<T>(IReadOnlyList<T> rows, PageSize size, Func<T, string> toCursor)
    {
        if (rows.Count > size.RowsToRead)
            throw new ArgumentException($"{rows.Count} rows were read for a page of {size.Value}; read {size.RowsToRead} at most.", nameof(rows));
        return rows.Count <= size.Value
            ? new(rows, NextCursor: null)
            : new([.. rows.Take(size.Value)], toCursor(rows[size.Value - 1]));
    }
}
