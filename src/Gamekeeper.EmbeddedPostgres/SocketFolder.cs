using System.Text;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>
/// The folder of the unix socket, which only the server's user may enter. A socket's whole path must stay below 108 bytes; under a
/// long data path the folder is therefore one of its own in the temp folder.
/// </summary>
internal sealed record SocketFolder(string Path, bool Temporary)
{
    private const int LongestPath = 107;
    private const string Prefix = "gamekeeper-";

    public static SocketFolder Choose(ServerFolder folder, ServerAccount account)
    {
        if (Fits(folder.OwnSocketFolder))
            return new SocketFolder(folder.OwnSocketFolder, Temporary: false);

        // A random name made with mode 0700: in a folder anyone can write to, a name that can be guessed can be taken first.
        var made = Directory.CreateTempSubdirectory(Prefix).FullName;
        if (!Fits(made))
            throw new EmbeddedPostgresException(
                EmbeddedPostgresErrors.FolderUnusable,
                $"Neither {folder.OwnSocketFolder} nor {made} is short enough for a unix socket (107 bytes with its name). Choose "
                + "a shorter Directory, or a shorter TMPDIR.");
        account.Own(made);
        return new SocketFolder(made, Temporary: true);
    }

    /// <summary>The one an earlier server wrote down and could not remove, because it crashed.</summary>
    public static void DiscardAbandoned(string? path)
    {
        var temp = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetTempPath());
        if (path is null || System.IO.Path.GetDirectoryName(path) != temp)
            return;
        if (System.IO.Path.GetFileName(path).StartsWith(Prefix, StringComparison.Ordinal))
            new SocketFolder(path, Temporary: true).Discard();
    }

    /// <summary>After the server is gone; whatever a crash left in it goes with it.</summary>
    public void Discard()
    {
        if (Temporary && Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    private static bool Fits(string folder) => Encoding.UTF8.GetByteCount(folder + "/.s.PGSQL.65535") <= LongestPath;
}
