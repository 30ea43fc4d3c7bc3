namespace Gamekeeper.Cli.Supervision;

/// <summary>The end of a log, for a message about what just failed.</summary>
internal static class LogTail
{
    /// <summary>At most <paramref name="lines"/> lines of what was appended after <paramref name="from"/>.</summary>
    public static string Of(string file, long from, int lines = 25)
    {
        if (!File.Exists(file))
            return "(it wrote nothing)";
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = Math.Min(from, stream.Length);
        var text = new StreamReader(stream).ReadToEnd().TrimEnd();
        return text.Length == 0 ? "(it wrote nothing)" : string.Join('\n', text.Split('\n').TakeLast(lines));
    }

    /// <summary>Where the file ends now.</summary>
    public static long EndOf(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;

    /// <summary>Keeps one older generation once a log has grown past 16 MB.</summary>
    public static void Rotate(string file)
    {
        if (EndOf(file) > 16 << 20)
            File.Move(file, file + ".1", overwrite: true);
    }
}
