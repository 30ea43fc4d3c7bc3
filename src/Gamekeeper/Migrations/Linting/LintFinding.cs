namespace Gamekeeper.Migrations.Linting;

/// <summary>Something about a migration or a table that will hurt.</summary>
/// <param name="Rule">Stable name of the rule, such as <c>missing-locks</c>.</param>
/// <param name="Where">File and line, or schema and table.</param>
/// <param name="Finding">What was found.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record LintFinding(string Rule, string Where, string Finding, string Remedy);
