namespace Gamekeeper.Benchmarks;

/// <summary>What is measured, at which volume, for how long.</summary>
internal sealed record BenchOptions
{
    /// <summary>Names of the questions; empty for all.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Players.</summary>
    public int Users { get; init; } = 200_000;

    /// <summary>Owned cards.</summary>
    public int Cards { get; init; } = 1_000_000;

    /// <summary>Card templates.</summary>
    public int Templates { get; init; } = 500;

    /// <summary>Decks, the documents of the containment search; as many as users.</summary>
    public int Documents => Users;

    /// <summary>Runs of each side; the middle one counts.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>How long one run of one side is.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Part of each run, on both sides, that is not counted: connections are made and statements prepared in it.</summary>
    public TimeSpan WarmUp => Duration / 4;

    /// <summary>A missed limit is told and does not fail the run.</summary>
    public bool ReportOnly { get; init; }

    /// <summary>Where the page is written; null to print only.</summary>
    public string? Page { get; init; }
}
