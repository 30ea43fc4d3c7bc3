namespace Gamekeeper.Tests.Cli;

/// <summary>Stands in for the folder of temporary files, so that what is left there can be told.</summary>
internal sealed class ProofTemporary(string path) : IDisposable
{
    public string Path => path;

    public Dictionary<string, string?> Environment => new() { ["TMPDIR"] = path };

    public static ProofTemporary New()
    {
        // Short, for the socket's sake, and open to the user that root's database runs as.
        var path = Directory.CreateTempSubdirectory("gkp-").FullName;
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return new ProofTemporary(path);
    }

    public void Dispose() => Directory.Delete(path, recursive: true);
}
