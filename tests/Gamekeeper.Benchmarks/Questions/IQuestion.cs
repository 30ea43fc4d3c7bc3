using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>One hot path and what it is measured against.</summary>
internal interface IQuestion
{
    /// <summary>As it is chosen on the command line.</summary>
    string Name { get; }

    /// <summary>Whether it needs redis-server and redis-benchmark.</summary>
    bool NeedsRedis => false;

    /// <summary>How many players it takes.</summary>
    int LeastUsers => 0;

    /// <summary>Measures on the fully loaded database.</summary>
    /// <param name="databases">The loaded one last; smaller ones before it when growth is asked for.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, CancellationToken cancellationToken);
}

/// <summary>The databases of a run.</summary>
/// <param name="Smaller">With fewer cards, smallest first.</param>
/// <param name="Full">With all cards.</param>
internal sealed record BenchDatabases(IReadOnlyList<BenchDatabase> Smaller, BenchDatabase Full);
