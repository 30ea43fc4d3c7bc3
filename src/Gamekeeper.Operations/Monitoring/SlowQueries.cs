namespace Gamekeeper.Operations.Monitoring;

/// <summary>The slowest statements by their mean time, and who measured them.</summary>
/// <param name="Source">Whose measurements these are.</param>
/// <param name="Note">Why the server's own are not to be had and what to do about it; null when they are.</param>
/// <param name="Since">Since when is counted; null where the server does not know.</param>
/// <param name="Items">Slowest first, at most <see cref="AnalyzeSlowQueries.Most"/>.</param>
public sealed record SlowQueries(SlowQuerySource Source, string? Note, DateTimeOffset? Since, IReadOnlyList<SlowQuery> Items);

/// <summary>Who measured.</summary>
public enum SlowQuerySource
{
    /// <summary>PostgreSQL itself, in pg_stat_statements: every client of this database, time on the server alone.</summary>
    Server,

    /// <summary>This process: its own statements only, the way to the server included.</summary>
    Process,
}

/// <summary>One statement.</summary>
/// <param name="Query">Its text without constants, or its name where this process measured.</param>
/// <param name="Calls">How often it ran.</param>
/// <param name="TotalTime">All runs together, in milliseconds.</param>
/// <param name="MeanTime">One run, in milliseconds.</param>
/// <param name="Rows">Rows it returned or changed in all runs; null where this process measured, which does not count them.</param>
public sealed record SlowQuery(string Query, long Calls, double TotalTime, double MeanTime, long? Rows);
