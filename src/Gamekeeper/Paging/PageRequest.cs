namespace Gamekeeper.Paging;

/// <summary>Which page of a list is wanted.</summary>
/// <param name="Size">Rows shown.</param>
/// <param name="Cursor">From the page before; null for the first page.</param>
public readonly record struct PageRequest(PageSize Size, string? Cursor = null)
{
    /// <summary>Where the page starts; null at the beginning of the list.</summary>
    public CursorReading? Start(CursorKey key, CursorQuestion question) =>
        Cursor is null ? null : Paging.Cursor.Read(key, question, Cursor);
}

/// <summary>A page, or why it was not given.</summary>
public abstract record PageOutcome<T>
{
    private PageOutcome() { }

    /// <summary>The page.</summary>
    public sealed record Given(Page<T> Page) : PageOutcome<T>;

    /// <summary>The cursor does not fit the question.</summary>
    public sealed record Refused(PagingRefusal Refusal) : PageOutcome<T>;
}
