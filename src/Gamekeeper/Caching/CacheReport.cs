namespace Gamekeeper.Caching;

/// <summary>
/// What a request was answered from. Whoever wants to know begins one; everything that the same flow of calls reads through the cache is
/// noted in it.
/// </summary>
public sealed class CacheReport
{
    private static readonly AsyncLocal<CacheReport?> s_current = new();

    private int _worst = -1;

    /// <summary>Begins a report for the current flow of calls, and ends the one before it.</summary>
    public static CacheReport Begin() => s_current.Value = new CacheReport();

    /// <summary>The least good source of all; null when nothing was read through the cache.</summary>
    public CacheSource? Worst => Volatile.Read(ref _worst) is >= 0 and var worst ? (CacheSource)worst : null;

    internal static void Note(CacheSource source)
    {
        if (s_current.Value is not { } report)
            return;
        for (var worst = Volatile.Read(ref report._worst); worst < (int)source; worst = Volatile.Read(ref report._worst))
            Interlocked.CompareExchange(ref report._worst, (int)source, worst);
    }
}
