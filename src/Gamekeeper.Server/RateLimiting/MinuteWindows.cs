using System.Collections.Concurrent;

namespace Gamekeeper.Server.RateLimiting;

/// <summary>
/// Counts per key in windows of one minute, each beginning with the first request of its key. Thread-safe. What has run out is swept
/// once a minute, so that memory follows the callers of the last two minutes and not everyone who ever called.
/// </summary>
internal sealed class MinuteWindows(TimeProvider clock)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Window> _windows = new(StringComparer.Ordinal);
    private long _sweptAt = clock.GetTimestamp();

    /// <summary>Counts one request; null when it is within the limit, else how long until the window ends.</summary>
    public TimeSpan? Take(string key, int limit)
    {
        Sweep();
        return Change(key, limit, count: true);
    }

    /// <summary>The same question without counting.</summary>
    public TimeSpan? Look(string key, int limit) => _windows.ContainsKey(key) ? Change(key, limit, count: false) : null;

    private TimeSpan? Change(string key, int limit, bool count)
    {
        while (true)
        {
            var window = _windows.GetOrAdd(key, static (_, now) => new Window(now), clock.GetTimestamp());
            lock (window)
            {
                // Swept between finding and locking: whoever counted in it would be forgotten.
                if (window.IsGone)
                    continue;
                var age = clock.GetElapsedTime(window.Began);
                if (age >= Minute)
                {
                    window.Began = clock.GetTimestamp();
                    window.Count = 0;
                    age = TimeSpan.Zero;
                }
                if (window.Count >= limit)
                    return Minute - age;
                if (count)
                    window.Count++;
                return null;
            }
        }
    }

    private void Sweep()
    {
        var last = Volatile.Read(ref _sweptAt);
        if (clock.GetElapsedTime(last) < Minute || Interlocked.CompareExchange(ref _sweptAt, clock.GetTimestamp(), last) != last)
            return;
        foreach (var (key, window) in _windows)
        {
            lock (window)
            {
                if (clock.GetElapsedTime(window.Began) < Minute)
                    continue;
                window.IsGone = true;
                _windows.TryRemove(new KeyValuePair<string, Window>(key, window));
            }
        }
    }

    private sealed class Window(long began)
    {
        public long Began { get; set; } = began;
        public int Count { get; set; }
        public bool IsGone { get; set; }
    }
}
