namespace Gamekeeper.EmbeddedPostgres;

/// <summary>What the kernel says about processes.</summary>
internal static class ProcessTable
{
    /// <summary>Neither gone nor a zombie: a zombie holds no memory, no files and no locks.</summary>
    public static bool IsAlive(int processId) => State(processId) is not (null or 'Z' or 'X');

    public static bool IsZombie(int processId) => State(processId) == 'Z';

    /// <summary>
    /// The servers and backends at work in a data folder: PostgreSQL makes it the current folder of each of its processes. The name of
    /// the program is looked at too, so that somebody's shell standing in that folder is left in peace.
    /// </summary>
    public static async Task<IReadOnlyList<FolderProcess>> InFolderAsync(
        ServerAccount account, string data, CancellationToken cancellationToken)
    {
        // As the server's user, since root in a container may not look at another user's processes. Their links vanish as they end, so
        // find's exit code says nothing.
        var found = await Tool.RunAsync(
            account.Command(
                "find", "/proc", "-mindepth", "2", "-maxdepth", "2", "-path", "/proc/[0-9]*", "(", "-name", "cwd", "-o", "-name",
                "exe", ")", "-printf", "%p\\0%l\\0"),
            null, cancellationToken);
        var links = found.Output.Split('\0').Chunk(2).Where(c => c.Length == 2).ToDictionary(c => c[0], c => c[1]);
        return
        [
            .. from link in links
               where link.Key.EndsWith("/cwd", StringComparison.Ordinal) && link.Value == data
               let folder = Path.GetDirectoryName(link.Key)!
               let program = links.GetValueOrDefault(folder + "/exe", "")
               let id = int.Parse(Path.GetFileName(folder))
               where Path.GetFileName(program).StartsWith("postgres", StringComparison.Ordinal) && IsAlive(id)
               select new FolderProcess(id, program),
        ];
    }

    /// <summary>The letter of proc(5); null when there is no such process.</summary>
    private static char? State(int processId)
    {
        try
        {
            // The name before it stands in brackets and may hold anything, brackets included.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            // Gone before, or between opening and reading (ESRCH).
            return null;
        }
    }
}

/// <summary>A live PostgreSQL process and its program.</summary>
internal sealed record FolderProcess(int ProcessId, string Program);
