using System.Runtime.InteropServices;

namespace Gamekeeper.Storage;

/// <summary>Puts a finished file in its place in one step, never over another.</summary>
public static class FinishedFile
{
    /// <summary>
    /// Gives a file that was written and flushed beside its place its name, unless the name is taken; of several that do it at once one
    /// wins. The file keeps its first name too, for the caller to delete.
    /// </summary>
    /// <returns>False when the name is taken.</returns>
    /// <exception cref="IOException">The file system has no hard links, or the folder cannot be written; the message says why.</exception>
    public static bool TryPublish(string finished, string place)
    {
        const int exists = 17;
        // link(2) fails when the name is taken, in one step; File.Move looks first and renames then, and a second one could slip between.
        var isOurs = Link(finished, place) == 0;
        if (!isOurs && Marshal.GetLastPInvokeError() is var error and not exists)
            throw new IOException($"{place} could not be linked: {Marshal.GetPInvokeErrorMessage(error)}. Its folder needs a file system with hard links.");
        // Also another's: whoever relies on it now must not lose it to a power failure.
        SyncFolder(Path.GetDirectoryName(place)!);
        return isOurs;
    }

    /// <summary>A new name survives a power failure only once the folder that holds it is on disk.</summary>
    internal static void SyncFolder(string path)
    {
        var descriptor = Open(path, 0);
        if (descriptor < 0)
            throw new IOException($"{path} could not be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        try
        {
            if (FSync(descriptor) != 0)
                throw new IOException($"{path} could not be brought to disk: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
