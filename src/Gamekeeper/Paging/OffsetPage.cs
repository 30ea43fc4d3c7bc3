namespace Gamekeeper.Paging;

/// <summary>One page of a list whose length is counted.</summary>
/// <param name="Items">The rows of this page; empty beyond the end.</param>
/// <param name="Page">The page, counted from 1.</param>
/// <param name="Limit">Most rows on a page.</param>
/// <param name="Total">Rows on all pages, counted when this page was read.</param>
public sealed record OffsetPage<T>(IReadOnlyList<T> Items, int Page, int Limit, long Total)
{
    /// <summary>The page that <paramref name="request"/> asked for.</summary>
    public OffsetPage(IReadOnlyList<T> items, OffsetRequest request, long total)
        : this(items, request.Page, request.Limit, total) { }

    /// <summary>Pages in all; none when there are no rows.</summary>
    public long TotalPages => (Total + Limit - 1) / Limit;

    /// <summary>A later page has rows.</summary>
    public bool HasNext => Page < TotalPages;

    /// <summary>An earlier page has rows.</summary>
    public bool HasPrev => Page > 1 && Total > 0;
}
