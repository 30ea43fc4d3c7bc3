namespace Gamekeeper.Cli.Supervision;

/// <summary>How waiting for a server ended.</summary>
internal abstract record Readiness
{
    private Readiness() { }

    /// <summary>It answers that it is ready.</summary>
    public sealed record Ready : Readiness;

    /// <summary>Its process has ended.</summary>
    public sealed record Ended(int ExitCode) : Readiness;

    /// <summary>It still runs and has not been ready in the time given.</summary>
    public sealed record TooLate(string LastAnswer) : Readiness;
}
