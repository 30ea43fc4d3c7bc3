using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>The five calls the base library does not offer.</summary>
internal static partial class Libc
{
    public const int SigInt = 2;
    public const int SigQuit = 3;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    /// <summary>False when the process is gone (already gone is what every caller wants).</summary>
    public static bool Signal(int processId, int signal)
    {
        // To kill(2), 0 and below are whole groups of processes, our own first.
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        const int noSuchProcess = 3;
        if (Kill(processId, signal) == 0)
            return true;
        var error = Marshal.GetLastPInvokeError();
        return error == noSuchProcess ? false : throw new Win32Exception(error, $"kill({processId}, {signal})");
    }

    public static void ChangeOwner(string path, uint user, uint group)
    {
        if (LChown(path, user, group) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"chown {user}:{group} {path}");
    }

    /// <summary>The path with every symbolic link followed; it must exist.</summary>
    public static string RealPath(string path)
    {
        var resolved = RealPath(path, nint.Zero);
        if (resolved == nint.Zero)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"realpath {path}");
        try
        {
            return Marshal.PtrToStringUTF8(resolved)!;
        }
        finally
        {
            Free(resolved);
        }
    }

    /// <summary>A rename survives a power failure only once the folder that holds the name is on disk.</summary>
    public static void SyncFolder(string path)
    {
        var descriptor = Open(path, 0);
        if (descriptor < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"open {path}");
        try
        {
            if (FSync(descriptor) != 0)
                throw new Win32Exception(Marshal.GetLastPInvokeError(), $"fsync {path}");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    // lchown: a link planted in the way must not hand out what it points at.
    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LChown(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPath(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint memory);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
