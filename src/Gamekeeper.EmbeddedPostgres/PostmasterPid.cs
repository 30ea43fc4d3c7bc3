using System.Globalization;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>
/// What a server writes about itself into postmaster.pid, line by line
/// (https://www.postgresql.org/docs/15/storage-file-layout.html). Null: not (yet) written.
/// </summary>
internal sealed record PostmasterPid(int? ProcessId, int? Port, string? SocketDirectory, string? Status)
{
    public bool Ready => Status == "ready";

    /// <summary>Null when there is no file. A file cut short by a crash has fewer lines, and no process id when it is empty.</summary>
    public static PostmasterPid? Read(string file)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        // A single-user backend writes its id negated.
        return new PostmasterPid(Number(0) is { } id ? Math.Abs(id) : null, Number(3), Text(4), Text(7));

        string? Text(int line) => lines.Length > line && !string.IsNullOrWhiteSpace(lines[line]) ? lines[line].Trim() : null;
        int? Number(int line) =>
            int.TryParse(Text(line), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null;
    }
}
