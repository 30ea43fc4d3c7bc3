using System.Text.RegularExpressions;

namespace Gamekeeper.Migrations.Linting;

/// <summary>Reads every file and says what would block players, lose data or leave a column unexplained. Looks at words, not at meaning.</summary>
internal static partial class FileLint
{
    public static IReadOnlyList<LintFinding> Check(IReadOnlyList<MigrationFile> files)
    {
        var findings = new List<LintFinding>();
        var older = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            findings.AddRange(CheckHead(file));
            var own = new HashSet<string>(StringComparer.Ordinal);
            foreach (var statement in SqlScript.Split(file.Up))
            {
                var words = SqlScript.Words(statement.Text);
                findings.AddRange(CheckStatement(file, statement.Line, words, older));
                if (CreateTable().Match(words) is { Success: true } table)
                    own.Add(table.Groups["table"].Value);
            }
            findings.AddRange(DescriptionLint.Check(file));
            older.UnionWith(own);
        }
        return findings;
    }

    private static IEnumerable<LintFinding> CheckHead(MigrationFile file)
    {
        if (string.IsNullOrEmpty(file.Locks))
        {
            yield return new("missing-locks", file.Title, "its head has no line 'Locks: …'.",
                "Say which locks it takes on existing tables, for how long, and how to do it ahead on a large one.");
        }
        if (file.Down is null)
            yield return new("missing-down", file.Title, "there is no .down.sql beside it.", "Write it; development and tests go back through it.");
    }

    private static IEnumerable<LintFinding> CheckStatement(MigrationFile file, int line, string words, HashSet<string> older)
    {
        var where = $"{file.Title}:{line}";
        if (Drops().IsMatch(words) && file.Phase != MigrationPhase.Contract)
        {
            yield return new("plain-drop", where, "drops a column or table.",
                "Running instances may still use it: drop it in a later release, in a file marked --@contract.");
        }
        if (AddsColumn().IsMatch(words) && NotNullWithoutDefault(words))
        {
            yield return new("not-null-column", where, "adds a not-null column without a default.",
                "Add it nullable or with a default, fill it, and set it not null later.");
        }
        if (CreateIndex().Match(words) is { Success: true } index)
        {
            var isConcurrent = index.Groups["concurrently"].Success;
            if (isConcurrent && file.InTransaction)
            {
                yield return new("concurrently-in-transaction", where, "builds an index concurrently inside a transaction, which PostgreSQL refuses.",
                    "Mark the file --@no-transaction and keep only such statements in it.");
            }
            if (!isConcurrent && older.Contains(index.Groups["table"].Value) && !file.Directives.Contains("small-table"))
            {
                yield return new("blocking-index", where, $"builds an index on {index.Groups["table"].Value}, which an earlier migration made; nobody can write meanwhile.",
                    "Build it concurrently in a file marked --@no-transaction, or mark the file --@small-table.");
            }
        }
        if (!file.InTransaction && !RunsAlone().IsMatch(words))
        {
            yield return new("needless-no-transaction", where, "runs outside a transaction without having to.",
                "Move it to a file of its own that runs in one, so that a failure leaves nothing behind.");
        }
        if (words.StartsWith("alter table ", StringComparison.Ordinal) && AddConstraint().Count(words) > 1)
        {
            yield return new("constraints-together", where, "adds several constraints in one ALTER TABLE.",
                "One statement each: a distributed database takes them one by one.");
        }
    }

    private static bool NotNullWithoutDefault(string words) =>
        ColumnClause().Matches(words).Any(m => m.Value.Contains(" not null", StringComparison.Ordinal)
            && !m.Value.Contains(" default ", StringComparison.Ordinal) && !m.Value.Contains(" generated ", StringComparison.Ordinal));

    [GeneratedRegex(@"^create (unlogged )?table (if not exists )?(?<table>[a-z0-9_.""]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex CreateTable();

    [GeneratedRegex(@"^drop table |^alter table .*\bdrop (column )?(if exists )?(?!constraint\b|not null\b|default\b|identity\b|expression\b)[a-z_""]", RegexOptions.ExplicitCapture)]
    private static partial Regex Drops();

    [GeneratedRegex(@"^alter table .*\badd (column )?", RegexOptions.ExplicitCapture)]
    private static partial Regex AddsColumn();

    [GeneratedRegex(@"\badd (column )?(if not exists )?(?!constraint\b|primary\b|unique\b|check\b|foreign\b|exclude\b)[a-z0-9_""]+ .*?(?=, add |, alter |, drop |$)", RegexOptions.ExplicitCapture)]
    private static partial Regex ColumnClause();

    [GeneratedRegex(@"^create (unique )?index (?<concurrently>concurrently )?(if not exists )?[a-z0-9_""]+ on (only )?(?<table>[a-z0-9_.""]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex CreateIndex();

    [GeneratedRegex(@"\bconcurrently\b|^alter type .* add value |^vacuum\b|^reindex\b", RegexOptions.ExplicitCapture)]
    private static partial Regex RunsAlone();

    [GeneratedRegex(@"\badd constraint ")]
    private static partial Regex AddConstraint();
}
