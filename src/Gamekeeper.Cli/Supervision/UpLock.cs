using Gamekeeper.Cli.Home;

namespace Gamekeeper.Cli.Supervision;

/// <summary>Held by the one <c>up</c> of a home; the kernel lets go of it when the process ends, however it ends.</summary>
internal sealed class UpLock : IDisposable
{
    private readonly FileStream _file;

    private UpLock(FileStream file) => _file = file;

    /// <summary>Null when another one holds it.</summary>
    public static UpLock? TryTake(GamekeeperHome home)
    {
        home.Create();
        try
        {
            return new UpLock(new FileStream(home.UpLock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException failure) when (failure is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
