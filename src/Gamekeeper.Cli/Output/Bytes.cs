using System.Globalization;

namespace Gamekeeper.Cli.Output;

/// <summary>Sizes for people.</summary>
internal static class Bytes
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>As PostgreSQL counts: 1 kB is 1024 bytes.</summary>
    public static string Show(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1024 && unit < Units.Length - 1; unit++)
            value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || value >= 100 ? Math.Round(value) : Math.Round(value, 1))} {Units[unit]}");
    }
}
