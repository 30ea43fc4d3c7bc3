namespace Gamekeeper.Paging;

/// <summary>
/// One sort value inside a cursor: a Guid, long, double, string, instant in microseconds (as PostgreSQL keeps it), or null.
/// </summary>
public readonly record struct CursorValue
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;

    private CursorValue(CursorValueKind kind, object? value) => (Kind, Value) = (kind, value);

    internal CursorValueKind Kind { get; }

    internal object? Value { get; }

    /// <summary>An absent value. A row comparison never meets null, so a list that sorts by such a column compares it by itself.</summary>
    public static CursorValue Null => default;

    /// <summary>True for an absent value.</summary>
    public bool IsNull => Kind == CursorValueKind.Null;

    /// <summary>The value as an id.</summary>
    /// <exception cref="InvalidOperationException">It is something else; so with the members below.</exception>
    public Guid Guid => As<Guid>();

    /// <summary>The value as a whole number.</summary>
    public long Long => As<long>();

    /// <summary>The value as a number.</summary>
    public double Double => As<double>();

    /// <summary>The value as text.</summary>
    public string Text => As<string>();

    /// <summary>The value as an instant, UTC.</summary>
    public DateTimeOffset Instant => As<DateTimeOffset>();

    public static implicit operator CursorValue(Guid value) => new(CursorValueKind.Guid, value);

    public static implicit operator CursorValue(long value) => new(CursorValueKind.Long, value);

    public static implicit operator CursorValue(double value) => new(CursorValueKind.Double, value);

    public static implicit operator CursorValue(string? value) => value is null ? Null : new(CursorValueKind.Text, value);

    /// <exception cref="ArgumentException">The instant is finer than a microsecond: it does not come from PostgreSQL.</exception>
    public static implicit operator CursorValue(DateTimeOffset value) =>
        value.UtcTicks % TicksPerMicrosecond == 0
            ? new(CursorValueKind.Instant, value.ToUniversalTime())
            : throw new ArgumentException(
                $"{value:O} is finer than a microsecond; page by the instant that PostgreSQL stored, or rows are shown twice.",
                nameof(value)
            );

    public static implicit operator CursorValue(Guid? value) => value is { } present ? present : Null;

    public static implicit operator CursorValue(long? value) => value is { } present ? present : Null;

    public static implicit operator CursorValue(double? value) => value is { } present ? present : Null;

    public static implicit operator CursorValue(DateTimeOffset? value) => value is { } present ? present : Null;

    private T As<T>() => Value is T value ? value : throw new InvalidOperationException($"The cursor holds {Kind} here and not {typeof(T).Name}.");
}

/// <summary>Written into cursors: numbers never change their meaning.</summary>
internal enum CursorValueKind : byte
{
    Null = 0,
    Guid = 1,
    Long = 2,
    Double = 3,
    Text = 4,
    Instant = 5,
}
