using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Gamekeeper.Migrations;

/// <summary>
/// One numbered SQL file as it will be run, with what its head says. Directives are comment lines of their own: <c>--@no-transaction</c>,
/// <c>--@single-server</c>, <c>--@contract</c>, <c>--@small-table</c>, and <c>--@include journal.v1</c> anywhere.
/// </summary>
internal sealed record MigrationFile(string Schema, string Name, string Up, string? Down, FrozenSet<string> Directives, string Notes)
{
    private static readonly string[] Known = ["no-transaction", "single-server", "contract", "small-table"];

    public string Title => $"{Schema}/{Name}";

    public bool InTransaction => !Directives.Contains("no-transaction");

    public bool SingleServerOnly => Directives.Contains("single-server");

    public MigrationPhase Phase => Directives.Contains("contract") ? MigrationPhase.Contract : MigrationPhase.Expand;

    /// <summary>SHA-256 of the text that is run, includes expanded, as hex.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Up)));

    /// <summary>What the head says of the locks taken; null when it says nothing.</summary>
    public string? Locks =>
        Notes.Split('\n').FirstOrDefault(line => line.StartsWith("Locks:", StringComparison.OrdinalIgnoreCase))?["Locks:".Length..].Trim();

    public static MigrationFile Parse(string schema, string name, string up, string? down)
    {
        var lines = Normal(up).Split('\n');
        var directives = lines.Where(l => l.StartsWith("--@", StringComparison.Ordinal)).Select(l => l[3..].Trim())
            .Where(d => !d.StartsWith("include ", StringComparison.Ordinal)).ToFrozenSet();
        if (directives.Except(Known, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"{schema}/{name} says --@{unknown}; known are {string.Join(", ", Known)} and include.", nameof(up));
        var notes = lines.TakeWhile(l => l.Length == 0 || l.StartsWith("--", StringComparison.Ordinal))
            .Where(l => !l.StartsWith("--@", StringComparison.Ordinal)).Select(l => l.TrimStart('-').Trim());
        return new MigrationFile(
            schema,
            name,
            MigrationTemplates.Expand(Normal(up), schema),
            down is null ? null : MigrationTemplates.Expand(Normal(down), schema),
            directives,
            string.Join('\n', notes).Trim()
        );
    }

    // A checkout with other line ends is the same migration.
    private static string Normal(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);
}
