using System.Globalization;
using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Checking;

/// <summary>Timestamps, for people: seconds since the playing began.</summary>
internal sealed class Moments(long start, long frequency, IReadOnlyList<Strike> strikes)
{
    public TimeSpan Span(long ticks) => TimeSpan.FromSeconds((double)ticks / frequency);

    public long Ticks(TimeSpan time) => (long)(time.TotalSeconds * frequency);

    public string Tell(long moment) => string.Create(CultureInfo.InvariantCulture, $"{(double)(moment - start) / frequency:0.0000} s");

    /// <summary>What was broken then.</summary>
    public string During(long began, long ended) =>
        strikes.FirstOrDefault(s => s.Covers(began, ended)) is { } strike
            ? $", during {strike.Told} from {Tell(strike.Began)} to {Tell(strike.Mended)}, over at {Tell(strike.Over)}"
            : ", while nothing was broken";
}
