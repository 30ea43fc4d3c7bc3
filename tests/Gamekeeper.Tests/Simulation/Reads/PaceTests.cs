using Gamekeeper.Simulation.Reads.Playing;

namespace Gamekeeper.Tests.Simulation.Reads;

public sealed class PaceTests
{
    [Fact]
    public async Task Nobody_goes_while_it_is_held_and_after_that_turns_begin_anew()
    {
        using var pace = new Pace(TimeProvider.System);
        // One in ten minutes: whoever waited before would wait for hours if its turn still counted.
        pace.Set(aSecond: 1 / 600.0, number: int.MaxValue);
        using var ending = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 20).Select(_ => pace.TurnAsync(ending.Token)).ToList();
        var behind = waiting.Where(t => !t.IsCompleted).ToList();
        behind.Count.ShouldBe(18);

        pace.Hold();
        var late = pace.TurnAsync(ending.Token);
        late.IsCompleted.ShouldBeFalse();
        pace.Release();

        // Of all who wait, somebody goes at once.
        await Task.WhenAny(behind.Append(late)).WaitAsync(TimeSpan.FromSeconds(10));
        await ending.CancelAsync();
        await Task.WhenAll(waiting.Append(late));
    }
}
