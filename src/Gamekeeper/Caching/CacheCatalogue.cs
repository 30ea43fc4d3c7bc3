using System.Collections.Frozen;

namespace Gamekeeper.Caching;

/// <summary>Every kind of cached value of this process, as its modules declared them.</summary>
public sealed class CacheCatalogue
{
    private readonly FrozenDictionary<string, CacheKey> _byPrefix;

    /// <exception cref="ArgumentException">Two modules share a key, or a time to live is out of range.</exception>
    public CacheCatalogue(ModuleCatalogue modules)
    {
        Keys = [.. modules.CacheKeys()];
        foreach (var key in Keys.Where(k => k.TimeToLive < TimeSpan.FromSeconds(1) || k.TimeToLive > TimeSpan.FromHours(24)))
            throw new ArgumentException($"The cache key {key.Pattern} is kept for {key.TimeToLive}; it takes 1 s to 24 h.", nameof(modules));
        if (Keys.GroupBy(k => k.Prefix).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The cache key {twice.First().Pattern} is declared twice.", nameof(modules));
        _byPrefix = Keys.ToFrozenDictionary(k => k.Prefix, StringComparer.Ordinal);
    }

    /// <summary>In the order of declaration.</summary>
    public IReadOnlyList<CacheKey> Keys { get; }

    /// <summary>Takes a key of one value apart; false when no module of this process knows it.</summary>
    internal bool TryFind(ReadOnlySpan<char> text, out CacheKey? key, out ReadOnlySpan<char> id)
    {
        var brace = text.IndexOf('{');
        if (brace > 0 && text[^1] == '}' && _byPrefix.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..brace], out key))
        {
            id = text[(brace + 1)..^1];
            return true;
        }
        key = null;
        id = default;
        return false;
    }
}
