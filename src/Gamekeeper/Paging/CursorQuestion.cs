using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Gamekeeper.Paging;

/// <summary>
/// What a list was asked: its name, its sort columns, its direction and every filter. A cursor answers only the question it came from;
/// with another owner, another filter or another order it is refused instead of skipping rows.
/// </summary>
public sealed class CursorQuestion
{
    internal const int HashLength = 16;

    private readonly string _list;
    private readonly ImmutableArray<string> _sort;
    private readonly ImmutableArray<(string Name, CursorValue Value)> _filters;

    /// <summary>A question without filters.</summary>
    /// <param name="list">Stable name of the list, such as <c>summoners_grid.cards</c>.</param>
    /// <param name="direction">The one direction of all sort columns.</param>
    /// <param name="sort">The sort columns, 1 to 8, a unique one last.</param>
    /// <exception cref="ArgumentException">The name is empty, or there are no sort columns or more than 8.</exception>
    public CursorQuestion(string list, PageOrder direction, params ReadOnlySpan<string> sort)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(list);
        if (sort.Length is < 1 or > 8)
            throw new ArgumentException($"A list sorts by 1 to 8 columns; {list} names {sort.Length}.", nameof(sort));
        (_list, Direction, _sort, _filters) = (list, direction, [.. sort], []);
    }

    private CursorQuestion(CursorQuestion origin, ImmutableArray<(string, CursorValue)> filters) =>
        (_list, Direction, _sort, _filters) = (origin._list, origin.Direction, origin._sort, filters);

    /// <summary>The one direction of all sort columns.</summary>
    public PageOrder Direction { get; }

    internal int SortColumns => _sort.Length;

    /// <summary>The same question with one filter more; null says that the filter was not given. Their order counts.</summary>
    public CursorQuestion Where(string filter, CursorValue value) => new(this, _filters.Add((filter, value)));

    // Every part carries its kind and length, so that no two questions have one spelling.
    internal byte[] Hash()
    {
        var writer = new CursorWriter();
        writer.Write(_list);
        writer.Byte((byte)Direction);
        writer.Write((long)_sort.Length);
        foreach (var column in _sort)
            writer.Write(column);
        foreach (var (name, value) in _filters)
        {
            writer.Write(name);
            writer.Write(value);
        }
        return SHA256.HashData(writer.Written)[..HashLength];
    }
}

/// <summary>The one direction of all sort columns of a list; written into cursors.</summary>
public enum PageOrder
{
    /// <summary>Smallest, first or oldest at the top; the query compares with <c>&gt;</c>.</summary>
    Ascending = 0,

    /// <summary>Largest, last or newest at the top; the query compares with <c>&lt;</c>.</summary>
    Descending = 1,
}
