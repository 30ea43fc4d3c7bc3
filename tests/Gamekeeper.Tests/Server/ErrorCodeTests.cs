using System.Reflection;
using System.Text.RegularExpressions;
using Gamekeeper.Server;
using Gamekeeper.Server.Errors;
using Gamekeeper.Tests.Rules;

namespace Gamekeeper.Tests.Server;

/// <summary>The published list of codes, held against what the code says.</summary>
public sealed partial class ErrorCodeTests
{
    private const string Page = "docs/reference/errors.md";

    [Fact]
    public void Every_code_that_is_raised_anywhere_is_published()
    {
        var published = Published().Select(r => r.Code).ToHashSet();
        var named = Sources.Code.Where(f => f.Path.EndsWith("Errors.cs", StringComparison.Ordinal) || f.Path.EndsWith("Exception.cs", StringComparison.Ordinal));
        var raised = Sources
            .Code.SelectMany(f => Raised().Matches(f.Text))
            .Concat(named.SelectMany(f => Named().Matches(f.Text)))
            .Select(m => m.Groups["code"].Value)
            .Concat(Wire().Select(c => c.Code))
            .Distinct()
            .ToList();
        raised.Count.ShouldBeGreaterThan(60);
        raised.Where(code => !published.Contains(code)).Order(StringComparer.Ordinal).ShouldBeEmpty($"not in {Page}");
    }

    [Fact]
    public void What_is_published_of_the_wire_is_what_it_answers()
    {
        var published = Published().Where(r => r.Status.Length > 0).ToDictionary(r => r.Code, r => r.Status);
        var wire = Wire().DistinctBy(c => c.Code).ToDictionary(c => c.Code, c => c.Status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        published.ShouldBe(wire, ignoreOrder: true);
    }

    [Fact]
    public void A_code_has_one_status()
    {
        Wire().GroupBy(c => c.Code).Where(g => g.Select(c => c.Status).Distinct().Count() > 1).Select(g => g.Key).ShouldBeEmpty();
    }

    private static IEnumerable<ErrorCode> Wire() =>
        typeof(GamekeeperApp)
            .Assembly.GetTypes()
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(f => f.FieldType == typeof(ErrorCode))
            .Select(f => (ErrorCode)f.GetValue(null)!);

    private static List<(string Code, string Status)> Published() =>
        [.. Row().Matches(Sources.Read(Page)).Select(m => (m.Groups["code"].Value, m.Groups["status"].Value))];

    // | `code` | status | meaning |
    [GeneratedRegex(@"^\| `(?<code>[a-z-]+\.[a-z-]+)` \| (?<status>[0-9]*) ?\|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    // Thrown, or refused with.
    [GeneratedRegex(
        """(GamekeeperException|EmbeddedPostgresException|PagingRefusal)\s*\(\s*"(?<code>[a-z-]+\.[a-z-]+)["]""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Raised();

    // A constant of a class of codes.
    [GeneratedRegex("""public const string \w+ = "(?<code>[a-z-]+\.[a-z-]+)["]""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();
}
