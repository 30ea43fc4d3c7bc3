using System.Text;

namespace Gamekeeper.Telemetry.Prometheus;

/// <summary>Names as Prometheus wants them; see https://prometheus.io/docs/practices/naming/.</summary>
internal static class PrometheusName
{
    public static string OfMetric(string name, string? unit, MetricKind kind)
    {
        var text = Clean(name, allowColon: true);
        if (Unit(unit, kind) is { } suffix && text != suffix && !text.EndsWith("_" + suffix, StringComparison.Ordinal))
            text += "_" + suffix;
        if (kind.IsCounter && !text.EndsWith("_total", StringComparison.Ordinal))
            text += "_total";
        return text;
    }

    /// <summary>A label's name. <c>le</c> belongs to histograms and names with two underscores to Prometheus itself.</summary>
    public static string OfLabel(string name)
    {
        var text = Clean(name, allowColon: false);
        if (text.StartsWith("__", StringComparison.Ordinal))
            text = "_" + text.TrimStart('_');
        return text == "le" ? "exported_le" : text;
    }

    // Units are those of UCUM; one in braces, such as {row}, is an annotation and no unit.
    private static string? Unit(string? unit, MetricKind kind) =>
        unit switch
        {
            null or "" => null,
            "s" => "seconds",
            "ms" => "milliseconds",
            "us" => "microseconds",
            "ns" => "nanoseconds",
            "min" => "minutes",
            "h" => "hours",
            "d" => "days",
            "By" => "bytes",
            "KiBy" => "kibibytes",
            "MiBy" => "mebibytes",
            "GiBy" => "gibibytes",
            "By/s" => "bytes_per_second",
            "%" => "percent",
            "Cel" => "celsius",
            "1" => kind.Type == "gauge" ? "ratio" : null,
            _ when unit.Contains('{', StringComparison.Ordinal) => null,
            _ => Clean(unit, allowColon: false).Trim('_') is { Length: > 0 } other ? other : null,
        };

    private static string Clean(string name, bool allowColon)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name)
            text.Append(char.IsAsciiLetterOrDigit(c) || (allowColon && c == ':') ? c : '_');
        if (text.Length == 0 || char.IsAsciiDigit(text[0]))
            text.Insert(0, '_');
        return text.ToString();
    }
}
