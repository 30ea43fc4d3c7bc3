using Gamekeeper.Redis;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Caching.Levels;

/// <summary>
/// How long reads wait for Redis, and when they leave it alone. A Redis that is away fails at once and costs nobody anything; one that is slow
/// would make every read wait. Not to look into Redis is always safe, since PostgreSQL knows all it knows; what a writer tells through it goes
/// another way and knows no rest.
/// </summary>
/// <remarks>
/// <code>
/// asked ──several answers in a row too late──▶ rests ──its time is over: one read tries──▶ an answer in time: asked
///                                                ▲                                          │
///                                                └──────────────── too late ────────────────┘
/// </code>
/// </remarks>
internal sealed partial class Patience(CacheOptions options, TimeProvider clock, ILogger<Patience> logger)
{
    private readonly long _rest = (long)(options.RedisRest.TotalSeconds * clock.TimestampFrequency);
    private int _inARow;
    private long _lates;

    // Zero while it does not rest.
    private long _restsUntil;

    public bool IsResting => Volatile.Read(ref _restsUntil) != 0;

    /// <summary>Answers that came too late, since the process started.</summary>
    public long Lates => Volatile.Read(ref _lates);

    /// <summary>Whether a read may look into Redis now. Of those who come when a rest is over, one; its answer ends the rest, or there is another.</summary>
    public bool MayAsk()
    {
        var until = Volatile.Read(ref _restsUntil);
        if (until == 0)
            return true;
        var now = clock.GetTimestamp();
        return now >= until && Interlocked.CompareExchange(ref _restsUntil, now + _rest, until) == until;
    }

    /// <summary>Waits for an answer as long as its command does: most end by themselves in time, and a watch for each would cost more than they do.</summary>
    public async ValueTask<T> HeardAsync<T>(ValueTask<T> answer)
    {
        try
        {
            var said = await answer;
            Answered();
            return said;
        }
        catch (RedisException failure) when (failure.Kind == RedisFailure.TimedOut)
        {
            Late();
            throw;
        }
    }

    /// <summary>Waits for an answer as long as a read does.</summary>
    /// <exception cref="TimeoutException">It is not there by then; it may come yet.</exception>
    public async ValueTask<T> WaitAsync<T>(Task<T> answer)
    {
        try
        {
            var said = await answer.WaitAsync(options.RedisAnswersWithin, clock);
            Answered();
            return said;
        }
        catch (Exception failure) when (failure is TimeoutException or RedisException { Kind: RedisFailure.TimedOut })
        {
            Late();
            throw;
        }
    }

    private void Answered()
    {
        if (Volatile.Read(ref _inARow) != 0)
            Volatile.Write(ref _inARow, 0);
        if (IsResting && Interlocked.Exchange(ref _restsUntil, 0) != 0)
            LogWell(logger);
    }

    private void Late()
    {
        Interlocked.Increment(ref _lates);
        if (Interlocked.Increment(ref _inARow) >= options.RedisRestsAfter && Interlocked.CompareExchange(ref _restsUntil, clock.GetTimestamp() + _rest, 0) == 0)
            LogRests(logger, options.RedisRestsAfter, options.RedisAnswersWithin.TotalMilliseconds, options.RedisRest.TotalMilliseconds);
    }

    [LoggerMessage(1033, LogLevel.Warning, "Redis took longer than {WithinMs} ms for {Answers} answers in a row; reads ask PostgreSQL for {RestMs} ms and then try again")]
    private static partial void LogRests(ILogger logger, int answers, double withinMs, double restMs);

    [LoggerMessage(1034, LogLevel.Information, "Redis answers in time again; reads look into it")]
    private static partial void LogWell(ILogger logger);
}
