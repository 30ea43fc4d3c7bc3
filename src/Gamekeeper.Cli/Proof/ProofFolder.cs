using System.Globalization;
using Gamekeeper.Cli.Home;

namespace Gamekeeper.Cli.Proof;

/// <summary>
/// The one folder of a proof, below the temporary one. It notes whose it is: what a proof that was killed has left is known by its owner
/// being gone, and taken away by the next one.
/// </summary>
internal static class ProofFolder
{
    private const string Prefix = "gk-proof-";
    private const string OwnerFile = "owner";

    /// <summary>A new one, for this process.</summary>
    public static string Create()
    {
        var folder = Directory.CreateTempSubdirectory(Prefix).FullName;
        // The user that root's database runs as passes through; what is secret lies in folders that are closed.
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        if (ProcessIdentity.Of(Environment.ProcessId) is { } mine)
            File.WriteAllText(Path.Combine(folder, OwnerFile), string.Create(CultureInfo.InvariantCulture, $"{mine.Id} {mine.StartedAt}"));
        return folder;
    }

    /// <summary>Lays logs aside, where nothing takes them away; answers with the folder.</summary>
    public static string Keep(IEnumerable<string> logs)
    {
        var folder = Directory.CreateTempSubdirectory(Prefix + "logs-").FullName;
        foreach (var log in logs)
            File.Copy(log, Path.Combine(folder, Path.GetFileName(log)));
        return folder;
    }

    /// <summary>Deletes the folders of proofs that are no more. One that cannot be deleted is told and stays; it is in nobody's way.</summary>
    public static void ClearLeftovers(string below, Action<string> say)
    {
        foreach (var folder in Directory.EnumerateDirectories(below, Prefix + "*"))
            try
            {
                if (OwnerOf(folder) is not { IsAlive: false })
                    continue;
                Directory.Delete(folder, recursive: true);
                say($"Took {folder} away, which a killed proof had left.");
            }
            catch (Exception stays) when (stays is IOException or UnauthorizedAccessException)
            {
                say($"A killed proof has left {folder}, which cannot be taken away: {stays.Message}");
            }
    }

    // Null when there is no telling: then it is left alone.
    private static ProcessIdentity? OwnerOf(string folder)
    {
        var file = Path.Combine(folder, OwnerFile);
        return File.Exists(file)
            && File.ReadAllText(file).Split(' ') is [var id, var started]
            && int.TryParse(id, CultureInfo.InvariantCulture, out var process)
            && long.TryParse(started, CultureInfo.InvariantCulture, out var at)
            ? new ProcessIdentity(process, at)
            : null;
    }
}
