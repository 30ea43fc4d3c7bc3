using System.Text.RegularExpressions;
using Gamekeeper.Tests.Rules;

namespace Gamekeeper.Tests.Docs;

/// <summary>A guide shows only what a test has compiled and run.</summary>
public sealed partial class SnippetTests
{
    [Fact]
    public void Every_snippet_of_the_guides_stands_in_a_test_word_for_word()
    {
        var tested = Directory
            .GetFiles(Path.Combine(Sources.Root, "tests", "Gamekeeper.Tests", "Docs"), "*.cs")
            .SelectMany(file => Tested().Matches(File.ReadAllText(file)))
            .ToDictionary(m => m.Groups["name"].Value, m => Undent(m.Groups["code"].Value), StringComparer.Ordinal);
        var shown = Directory
            .GetFiles(Path.Combine(Sources.Root, "docs", "guides"), "*.md")
            .SelectMany(file => Shown().Matches(File.ReadAllText(file)))
            .ToList();
        shown.Count.ShouldBeGreaterThanOrEqualTo(4);
        foreach (var snippet in shown)
        {
            var name = snippet.Groups["name"].Value;
            tested.ShouldContainKey(name, $"snippet {name} is in no test");
            snippet.Groups["code"].Value.Trim().ShouldBe(tested[name], $"snippet {name}");
        }
    }

    private static string Undent(string code)
    {
        var lines = code.Split('\n').Where((l, i) => i > 0).ToList();
        var indent = lines.Where(l => l.Trim().Length > 0).Min(l => l.Length - l.TrimStart().Length);
        return string.Join('\n', lines.Select(l => l.Length >= indent ? l[indent..] : "")).Trim();
    }

    [GeneratedRegex(@"// snippet: (?<name>[\w-]+)(?<code>.*?)// end snippet", RegexOptions.Singleline)]
    private static partial Regex Tested();

    [GeneratedRegex(@"<!-- snippet: (?<name>[\w-]+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Shown();
}
