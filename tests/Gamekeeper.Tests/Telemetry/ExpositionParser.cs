using System.Globalization;
using System.Text.RegularExpressions;

namespace Gamekeeper.Tests.Telemetry;

/// <summary>Reads the Prometheus text format as strictly as its specification allows; anything else is an exception with the line.</summary>
internal static partial class ExpositionParser
{
    public static IReadOnlyList<ParsedMetric> Parse(string text)
    {
        if (text.Length > 0 && text[^1] != '\n')
            throw new FormatException("The last line must end with a line feed.");
        if (text.Contains('\r', StringComparison.Ordinal))
            throw new FormatException("Lines end with a line feed alone.");
        var metrics = new List<ParsedMetric>();
        string? helpFor = null;
        foreach (var line in text.Split('\n')[..^1])
        {
            if (Help().Match(line) is { Success: true } help)
            {
                helpFor = help.Groups["name"].Value;
            }
            else if (TypeLine().Match(line) is { Success: true } type)
            {
                var name = type.Groups["name"].Value;
                if (helpFor is not null && helpFor != name)
                    throw new FormatException($"HELP of {helpFor} is followed by TYPE of {name}.");
                if (metrics.Exists(m => m.Name == name))
                    throw new FormatException($"{name} has two TYPE lines.");
                metrics.Add(new(name, type.Groups["type"].Value, []));
                helpFor = null;
            }
            else if (Sample().Match(line) is { Success: true } sample && metrics.Count > 0)
            {
                Add(metrics[^1], sample);
            }
            else
            {
                throw new FormatException($"Neither comment nor sample: {line}");
            }
        }
        foreach (var metric in metrics)
            metric.Check();
        return metrics;
    }

    private static void Add(ParsedMetric metric, Match sample)
    {
        var name = sample.Groups["name"].Value;
        string[] allowed =
            metric.Type == "histogram" ? [metric.Name + "_bucket", metric.Name + "_sum", metric.Name + "_count"] : [metric.Name];
        if (!allowed.Contains(name))
            throw new FormatException($"{name} stands below TYPE of {metric.Name}.");
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (Match label in Label().Matches(sample.Groups["labels"].Value))
        {
            var value = label.Groups["value"].Value.Replace("\\n", "\n").Replace("\\\"", "\"").Replace("\\\\", "\\");
            if (!labels.TryAdd(label.Groups["name"].Value, value))
                throw new FormatException($"A label twice in {sample.Value}");
        }
        var parsed = new ParsedSample(name, labels, Number(sample.Groups["value"].Value));
        if (metric.Samples.Exists(s => s.Name == name && s.Labels.SequenceEqual(labels)))
            throw new FormatException($"A series twice: {sample.Value}");
        metric.Samples.Add(parsed);
    }

    private static double Number(string text) =>
        text switch
        {
            "NaN" => double.NaN,
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        };

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\]|\\\\|\\n)*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$", RegexOptions.ExplicitCapture)]
    private static partial Regex TypeLine();

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\\\|\\"|\\n)*"(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\\\|\\"|\\n)*")*)\})? (?<value>NaN|[+-]Inf|-?[0-9]+(\.[0-9]+)?(E[+-][0-9]+)?)$""",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\.)*)""" + "\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}

internal sealed record ParsedSample(string Name, SortedDictionary<string, string> Labels, double Value);

internal sealed record ParsedMetric(string Name, string Type, List<ParsedSample> Samples)
{
    public double Value(string suffix = "", params (string Name, string Value)[] labels) =>
        Samples.Single(s => s.Name == Name + suffix && s.Labels.Count == labels.Length && labels.All(l => s.Labels.GetValueOrDefault(l.Name) == l.Value)).Value;

    public void Check()
    {
        if (Samples.Count == 0)
            throw new FormatException($"{Name} has no samples.");
        if (Type == "counter" && Samples.Exists(s => !(s.Value >= 0)))
            throw new FormatException($"The counter {Name} is negative or no number.");
        if (Type != "histogram")
            return;
        foreach (var series in Samples.GroupBy(s => string.Join(',', s.Labels.Where(l => l.Key != "le"))))
        {
            var buckets = series.Where(s => s.Name.EndsWith("_bucket", StringComparison.Ordinal)).ToList();
            var bounds = buckets.ConvertAll(b => b.Labels["le"] == "+Inf" ? double.PositiveInfinity : double.Parse(b.Labels["le"], CultureInfo.InvariantCulture));
            if (!bounds.SequenceEqual(bounds.Order()) || bounds.Distinct().Count() != bounds.Count || !double.IsPositiveInfinity(bounds[^1]))
                throw new FormatException($"The buckets of {Name} are not in order or have no end.");
            if (!buckets.Select(b => b.Value).SequenceEqual(buckets.Select(b => b.Value).Order()))
                throw new FormatException($"The buckets of {Name} are not cumulative.");
            if (series.Single(s => s.Name == Name + "_count").Value != buckets[^1].Value)
                throw new FormatException($"The last bucket of {Name} is not its count.");
            if (series.Count(s => s.Name == Name + "_sum") != 1)
                throw new FormatException($"{Name} has no sum.");
        }
    }
}
