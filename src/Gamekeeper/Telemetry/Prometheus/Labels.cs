using System.Globalization;
using System.Text;

namespace Gamekeeper.Telemetry.Prometheus;

/// <summary>Prints tags as labels: in the order of their names, each name once, escaped.</summary>
internal static class Labels
{
    /// <summary><c>a="1",b="x"</c>, or nothing.</summary>
    public static string Print(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";
        // Different tags may become one name (a.b and a_b): their values are joined, so that no series is printed twice.
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags)
        {
            var name = PrometheusName.OfLabel(key);
            var text = Text(value);
            labels[name] = labels.TryGetValue(name, out var other) ? $"{other};{text}" : text;
        }
        var printed = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            if (printed.Length > 0)
                printed.Append(',');
            printed.Append(name).Append("=\"").Append(Escape(value)).Append('"');
        }
        return printed.ToString();
    }

    private static string Text(object? value) =>
        value switch
        {
            null => "",
            bool truth => truth ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };

    private static string Escape(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\r", "", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
