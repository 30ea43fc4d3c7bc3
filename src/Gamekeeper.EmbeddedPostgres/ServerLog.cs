using System.Text;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>The file the server writes to; one older generation is kept.</summary>
internal sealed class ServerLog
{
    private const long RotateAt = 16 * 1024 * 1024;
    private const int TailLines = 25;
    private const int TailBytes = 32 * 1024;

    private readonly string _file;
    private readonly long _begin;

    /// <summary>Remembers where the coming start begins, so that an old failure is not shown for a new one.</summary>
    public ServerLog(string file)
    {
        _file = file;
        if (File.Exists(file) && new FileInfo(file).Length > RotateAt)
            File.Move(file, file + ".1", overwrite: true);
        _begin = File.Exists(file) ? new FileInfo(file).Length : 0;
    }

    /// <summary>The last lines since the start; empty when nothing was written.</summary>
    public string Tail()
    {
        if (!File.Exists(_file))
            return "";
        using var stream = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = Math.Max(Math.Min(_begin, stream.Length), stream.Length - TailBytes);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return string.Join('\n', reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(TailLines));
    }
}
