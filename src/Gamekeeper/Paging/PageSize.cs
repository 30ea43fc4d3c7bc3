using System.Diagnostics.CodeAnalysis;

namespace Gamekeeper.Paging;

/// <summary>How many rows a keyset page holds: 1 to 200, 50 unless asked otherwise. Too much is refused and never clamped.</summary>
public readonly record struct PageSize
{
    /// <summary>The size when nobody asks for one.</summary>
    public const int Default = 50;

    /// <summary>The largest size of any list; a list may set a lower limit of its own.</summary>
    public const int Max = 200;

    private readonly int _value;

    /// <exception cref="ArgumentOutOfRangeException">The size is below 1 or above 200.</exception>
    public PageSize(int value) =>
        _value = value is >= 1 and <= Max
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"A page holds 1 to {Max} rows.");

    /// <summary>Rows shown.</summary>
    public int Value => _value == 0 ? Default : _value;

    /// <summary>Rows to read: one more than shown tells whether a next page exists.</summary>
    public int RowsToRead => Value + 1;

    /// <summary>What a caller from outside asked for; null asks for the default, or for the limit where that is lower.</summary>
    /// <param name="asked">The size asked for.</param>
    /// <param name="size">The size to use.</param>
    /// <param name="refusal"><c>paging.size-out-of-range</c>, with the limit named.</param>
    /// <param name="limit">The largest size of this list, 1 to 200.</param>
    public static bool TryCreate(int? asked, out PageSize size, [NotNullWhen(false)] out PagingRefusal? refusal, int limit = Max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, Max);
        var value = asked ?? Math.Min(Default, limit);
        var fits = value >= 1 && value <= limit;
        size = fits ? new PageSize(value) : default;
        refusal = fits ? null : new("paging.size-out-of-range", $"A page of {value} rows was asked for; this list gives 1 to {limit}.");
        return fits;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
