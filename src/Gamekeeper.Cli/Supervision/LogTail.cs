namespace Gamekeeper.Cli.Supervision;

/// <summary>The end of a log, for a message about what just failed.</summary>
internal static class LogTail
{
    private const long Largest = 16 << 20;

    /// <summary>At most <paramref name="lines"/> lines of what was appended after <paramref name="from"/>.</summary>
    public static string Of(string file, long from, int lines = 25)
    {
        if (!File.Exists(file))
            return "(it wrote nothing)";
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        // A log that is shorter than it was has been rotated: all of it is new.
        stream.Position = from <= stream.Length ? from : 0;
        var text = new StreamReader(stream).ReadToEnd().TrimEnd();
        return text.Length == 0 ? "(it wrote nothing)" : string.Join('\n', text.Split('\n').TakeLast(lines));
    }

    /// <summary>Where the file ends now.</summary>
    public static long EndOf(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;

    /// <summary>Keeps one older generation once a log has grown past 16 MB. For one that nobody writes.</summary>
    public static void Rotate(string file)
    {
        if (EndOf(file) > Largest)
            File.Move(file, file + ".1", overwrite: true);
    }

    /// <summary>
    /// The same for a log that a process is appending to and will not open again: copied and then emptied. What is written between the
    /// two is lost, a few lines at most, and that is the price of a log which does not depend on us.
    /// </summary>
    public static void RotateInUse(string file)
    {
        if (EndOf(file) <= Largest)
            return;
        File.Copy(file, file + ".1", overwrite: true);
        using var emptied = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        emptied.SetLength(0);
    }
}
