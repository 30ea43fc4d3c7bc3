using Gamekeeper.Caching.Tags;

namespace Gamekeeper.Caching.Levels;

/// <summary>
/// One load of a value that every caller of this process shares. Once the value is dropped, whoever comes later does not join it and what
/// it brings is not kept: it may have read before the write.
/// </summary>
internal sealed class Load<TValue>(long epoch, LoadMode mode)
    where TValue : class
{
    private readonly TaskCompletionSource<TValue?> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Epoch { get; } = epoch;

    public LoadMode Mode { get; } = mode;

    /// <summary>The tokens of its tags as they were before it read; known once its value is there.</summary>
    public TagStamp? Stamp { get; set; }

    /// <summary>Where its value came from; known once it is there.</summary>
    public CacheSource Source { get; set; } = CacheSource.Loaded;

    public Task<TValue?> Task => _source.Task;

    /// <summary>Guarded by a lock on the load itself, together with the keeping of its value.</summary>
    public bool IsDetached { get; set; }

    public void Finish(TValue? value) => _source.TrySetResult(value);

    public void Fail(Exception failure)
    {
        _source.TrySetException(failure);
        // Every caller may have gone; then nobody looks at it.
        _ = _source.Task.Exception;
    }
}
