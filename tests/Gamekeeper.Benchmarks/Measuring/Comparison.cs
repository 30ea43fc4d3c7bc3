namespace Gamekeeper.Benchmarks.Measuring;

/// <summary>Two sides measured in turn (A B A B …), so that what else the machine does meets both; the middle run of each counts.</summary>
internal sealed record Comparison(Run Ours, Run Limit)
{
    /// <summary>Runs both sides in turn.</summary>
    public static async Task<Comparison> RunAsync(int rounds, Func<int, Task<Run>> ours, Func<int, Task<Run>> limit)
    {
        var middle = await Interleaved.RunAsync(rounds, [ours, limit]);
        return new Comparison(middle[0], middle[1]);
    }
}

/// <summary>Several sides measured in turn.</summary>
internal static class Interleaved
{
    /// <summary>
    /// Runs every side once a round; the medians, in the order of the sides. One round goes before and is not counted: a server that serves
    /// has compiled its code long ago.
    /// </summary>
    /// <param name="rounds">How often, the one before not included.</param>
    /// <param name="sides">Each gets the number of the round, from 0.</param>
    public static async Task<IReadOnlyList<Run>> RunAsync(int rounds, IReadOnlyList<Func<int, Task<Run>>> sides)
    {
        var runs = sides.Select(_ => new List<Run>(rounds + 1)).ToArray();
        for (var round = 0; round <= rounds; round++)
            for (var side = 0; side < runs.Length; side++)
                runs[side].Add(await sides[side](round));
        return [.. runs.Select(r => Run.Median(r[1..]))];
    }
}
