namespace Gamekeeper.Caching.Levels;

/// <summary>All values in the memory of this process, kind by kind.</summary>
internal sealed class LocalValues
{
    private readonly CacheCatalogue _catalogue;
    private readonly IPlaces?[] _places;

    public LocalValues(CacheCatalogue catalogue, FirstLevel level)
    {
        _catalogue = catalogue;
        _places = new IPlaces?[catalogue.Keys.Select(k => k.Index + 1).DefaultIfEmpty(0).Max()];
        foreach (var key in catalogue.Keys)
            _places[key.Index] = key.CreatePlaces(level);
    }

    public IEnumerable<IPlaces> All => _catalogue.Keys.Select(k => _places[k.Index]!);

    /// <exception cref="ArgumentException">No module of this process has declared it.</exception>
    public Places<TId, TValue> Of<TId, TValue>(CacheKey<TId, TValue> key)
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class =>
        key.Index < _places.Length && _places[key.Index] is { } places
            ? (Places<TId, TValue>)places
            : throw new ArgumentException($"No module has declared the cache key {key.Pattern}.", nameof(key));

    /// <summary>Forgets the values of these keys; keys of modules that this process does not have are no concern of it.</summary>
    public void Drop(IEnumerable<string> keys)
    {
        foreach (var text in keys)
            if (_catalogue.TryFind(text, out var key, out var id))
                _places[key!.Index]!.Drop(id);
    }

    public void DropAll()
    {
        foreach (var places in All)
            places.DropAll();
    }
}
