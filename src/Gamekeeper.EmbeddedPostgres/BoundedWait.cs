namespace Gamekeeper.EmbeddedPostgres;

/// <summary>
/// Waits for what other processes do to files and to themselves, which sends no signal to us; hence short looks until the limit.
/// </summary>
internal readonly record struct BoundedWait(TimeProvider Clock, TimeSpan Limit)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(15);

    /// <summary>True once the condition holds, false when the limit passed first.</summary>
    public async Task<bool> UntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        var begun = Clock.GetTimestamp();
        while (!condition())
        {
            if (Clock.GetElapsedTime(begun) >= Limit)
                return false;
            await Task.Delay(Step, Clock, cancellationToken);
        }

        return true;
    }
}
