namespace Gamekeeper.Caching.Tags;

/// <summary>The tags of a value, each with the token that counted before the value was loaded. The value counts while all of them still do.</summary>
internal sealed record TagStamp(IReadOnlyList<TagMark> Marks)
{
    // What it adds to the value's weight: an object, a list, and 24 bytes a mark; the texts are shared.
    public int Bytes => 32 + (Marks.Count * 24);
}

/// <summary>One of them.</summary>
internal readonly record struct TagMark(string Tag, Guid Token);
