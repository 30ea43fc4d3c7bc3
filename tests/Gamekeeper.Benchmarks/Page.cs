namespace Gamekeeper.Benchmarks;

/// <summary>The page that holds the last full run: its words stay, what lies between two marks is written anew.</summary>
internal static class Page
{
    private const string Begin = "<!-- measured -->";
    private const string End = "<!-- end -->";

    /// <exception cref="GamekeeperException"><c>bench.page-without-marks</c></exception>
    public static async Task WriteAsync(string file, string measured, CancellationToken cancellationToken) =>
        await File.WriteAllTextAsync(file, Filled(await File.ReadAllTextAsync(file, cancellationToken), measured), cancellationToken);

    internal static string Filled(string page, string measured)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        var end = page.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? $"{page[..(begin + Begin.Length)]}\n\n{measured}\n{page[end..]}"
            : throw new GamekeeperException("bench.page-without-marks", $"The page has no '{Begin}' … '{End}' to write between.");
    }
}
