using Gamekeeper.Paging;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>An answer that is not what was asked for must not count as a fast one.</summary>
internal static class Found
{
    public static void Or(object? answer)
    {
        if (answer is null)
            throw new InvalidOperationException("Nothing was found; there is nothing to measure.");
    }

    public static void Exactly(long expected, long rows)
    {
        if (rows != expected)
            throw new InvalidOperationException($"{rows} came instead of {expected}.");
    }

    public static Page<T> Given<T>(PageOutcome<T> outcome) =>
        outcome is PageOutcome<T>.Given given ? given.Page : throw new InvalidOperationException($"The page was not given: {outcome}");
}
