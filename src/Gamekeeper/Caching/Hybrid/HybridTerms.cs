using Gamekeeper.Caching.Levels;
using Gamekeeper.Caching.Tags;
using Microsoft.Extensions.Caching.Hybrid;

namespace Gamekeeper.Caching.Hybrid;

/// <summary>What callers of the free keys hand in, checked.</summary>
internal static class HybridTerms
{
    public const int MaxKeyLength = 1024;
    public const int MaxTagLength = 128;
    public const int MaxTags = 16;

    /// <summary>A larger value is answered and not kept.</summary>
    public const int MaxValueBytes = 1 << 20;

    /// <summary>Every value under a free key has it.</summary>
    public const string Everything = "*";

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private static readonly string[] EverythingOnly = [Everything];

    /// <exception cref="ArgumentOutOfRangeException">A time is not positive.</exception>
    /// <exception cref="ArgumentException">A tag is none, or there are too many.</exception>
    public static LoadTerms Of(HybridCacheEntryOptions? options, IEnumerable<string>? tags)
    {
        var kept = Positive(options?.Expiration, nameof(HybridCacheEntryOptions.Expiration)) ?? Kept;
        return new(kept < TagToken.Life ? kept : TagToken.Life)
        {
            LocalFor = Positive(options?.LocalCacheExpiration, nameof(HybridCacheEntryOptions.LocalCacheExpiration)),
            Tags = tags is null ? EverythingOnly : CheckTags([Everything, .. tags.Where(t => t != Everything)]),
            Mode = ModeOf(options?.Flags ?? HybridCacheEntryFlags.None),
            MaxBytes = MaxValueBytes,
        };
    }

    /// <exception cref="ArgumentException">It is empty, too long, or holds what two keys could be confused by.</exception>
    public static string CheckKey(string key) => Check(key, MaxKeyLength, "A key", nameof(key));

    /// <inheritdoc cref="CheckKey"/>
    public static string CheckTag(string tag) => Check(tag, MaxTagLength, "A tag", nameof(tag));

    /// <exception cref="ArgumentException">A tag is none, or there are too many.</exception>
    public static IReadOnlyList<string> CheckTags(IReadOnlyList<string> tags)
    {
        var named = 0;
        foreach (var tag in tags)
            named += CheckTag(tag) == Everything ? 0 : 1;
        return named <= MaxTags ? tags : throw new ArgumentException($"A value has {named} tags; it takes up to {MaxTags}.", nameof(tags));
    }

    private static string Check(string text, int most, string what, string parameter)
    {
        if (text is not { Length: > 0 } || text.Length > most)
            throw new ArgumentException($"{what} is of {text?.Length ?? 0} characters; it takes 1 to {most}.", parameter);
        for (var i = 0; i < text.Length; i++)
        {
            // Half of a surrogate pair becomes the same bytes as any other half: two texts would be one key.
            if (char.IsControl(text[i]) || (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++)))
                throw new ArgumentException($"{what} holds a control character, or half of a surrogate pair, at {i}.", parameter);
        }
        return text;
    }

    private static TimeSpan? Positive(TimeSpan? time, string name) =>
        time <= TimeSpan.Zero ? throw new ArgumentOutOfRangeException(name, time, $"{name} is {time}; it takes a time that is longer than none.") : time;

    private static LoadMode ModeOf(HybridCacheEntryFlags flags) =>
        (flags.HasFlag(HybridCacheEntryFlags.DisableDistributedCacheRead) ? LoadMode.NotFromRedis : LoadMode.Usual)
        | (flags.HasFlag(HybridCacheEntryFlags.DisableDistributedCacheWrite) ? LoadMode.NotToRedis : LoadMode.Usual)
        | (flags.HasFlag(HybridCacheEntryFlags.DisableLocalCacheWrite) ? LoadMode.NotInMemory : LoadMode.Usual);
}
