namespace Gamekeeper.Telemetry.Prometheus;

/// <summary>
/// Finds a series by the tags of a measurement without copying them. The order of the tags does not count: callers are free in it.
/// </summary>
internal sealed class TagComparer
    : IEqualityComparer<KeyValuePair<string, object?>[]>,
        IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
{
    public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && Equals(x.AsSpan(), y));

    public int GetHashCode(KeyValuePair<string, object?>[] obj) => GetHashCode(obj.AsSpan());

    public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => alternate.ToArray();

    public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, KeyValuePair<string, object?>[] other)
    {
        if (alternate.Length != other.Length)
            return false;
        for (var i = 0; i < alternate.Length; i++)
        {
            // Nearly always both are in the same order, so the first look hits.
            if (!Same(alternate[i], other[i]) && !Holds(other, alternate[i]))
                return false;
        }
        return true;
    }

    public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
    {
        var sum = alternate.Length;
        foreach (var (key, value) in alternate)
            sum = unchecked(sum + HashCode.Combine(key, value));
        return sum;
    }

    private static bool Holds(KeyValuePair<string, object?>[] tags, KeyValuePair<string, object?> tag)
    {
        foreach (var other in tags)
        {
            if (Same(tag, other))
                return true;
        }
        return false;
    }

    private static bool Same(KeyValuePair<string, object?> one, KeyValuePair<string, object?> other) =>
        string.Equals(one.Key, other.Key, StringComparison.Ordinal) && Equals(one.Value, other.Value);
}
