using System.Diagnostics.CodeAnalysis;

namespace Gamekeeper.Paging;

/// <summary>
/// A page by its number, for the few lists that show page numbers. It costs what it skips and counts; long lists take cursors.
/// </summary>
public readonly record struct OffsetRequest
{
    /// <summary>Rows on a page when nobody asks for a number.</summary>
    public const int DefaultLimit = 20;

    /// <summary>Most rows on a page.</summary>
    public const int MaxLimit = 100;

    private readonly int _page;
    private readonly int _limit;

    /// <exception cref="ArgumentOutOfRangeException">The page is below 1, or the limit is below 1 or above 100.</exception>
    public OffsetRequest(int page, int limit = DefaultLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(page, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        (_page, _limit) = (page, limit);
    }

    /// <summary>The page, counted from 1.</summary>
    public int Page => _page == 0 ? 1 : _page;

    /// <summary>Rows on a page; the statement's <c>limit</c>.</summary>
    public int Limit => _limit == 0 ? DefaultLimit : _limit;

    /// <summary>Rows before this page; the statement's <c>offset</c>.</summary>
    public long Offset => (Page - 1L) * Limit;

    /// <summary>What a caller from outside asked for; null asks for the first page, or for 20 rows.</summary>
    /// <param name="page">The page, counted from 1.</param>
    /// <param name="limit">Rows on a page.</param>
    /// <param name="request">The page to read.</param>
    /// <param name="refusal"><c>paging.page-out-of-range</c> or <c>paging.size-out-of-range</c>, with the limit named.</param>
    public static bool TryCreate(int? page, int? limit, out OffsetRequest request, [NotNullWhen(false)] out PagingRefusal? refusal)
    {
        request = default;
        refusal =
            page < 1 ? new("paging.page-out-of-range", $"Page {page} was asked for; pages are counted from 1.")
            : limit is < 1 or > MaxLimit
                ? new("paging.size-out-of-range", $"A page of {limit} rows was asked for; this list gives 1 to {MaxLimit}.")
            : null;
        if (refusal is not null)
            return false;
        request = new(page ?? 1, limit ?? DefaultLimit);
        return true;
    }
}
