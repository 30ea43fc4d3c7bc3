namespace Gamekeeper.Tests.Harness;

/// <summary>Another process' doing, which cannot be awaited: looked at until it is there.</summary>
internal static class Soon
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Fails when it is not there within 30 s, or as long as it is given.</summary>
    public static Task TrueAsync(Func<bool> condition, string? what = null, TimeSpan? within = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, within);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string?, TimeSpan?)" />
    public static async Task TrueAsync(Func<Task<bool>> condition, string? what = null, TimeSpan? within = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(within ?? TimeSpan.FromSeconds(30), what);
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }
}
