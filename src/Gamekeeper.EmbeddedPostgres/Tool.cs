using System.ComponentModel;
using System.Diagnostics;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>One run of a program to its end.</summary>
internal sealed record Tool(int ExitCode, string Output, string Errors)
{
    /// <exception cref="EmbeddedPostgresException">
    /// <see cref="EmbeddedPostgresErrors.ToolMissing"/>: it could not be run at all.
    /// </exception>
    public static async Task<Tool> RunAsync(IReadOnlyList<string> command, string? libDirectory, CancellationToken cancellationToken)
    {
        using var process = Start(StartInfo(command, libDirectory));
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            return new Tool(process.ExitCode, await output, await errors);
        }
        finally
        {
            // Only a cancelled run is still alive here; an initdb left behind would write into a folder someone else now uses.
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    public static ProcessStartInfo StartInfo(IReadOnlyList<string> command, string? libDirectory)
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The user the program runs as may not be allowed into our current folder.
            WorkingDirectory = "/",
        };
        // PGPORT, PGDATA, PGOPTIONS and the like of whoever called us are not meant for this server.
        foreach (var name in info.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToList())
            info.Environment.Remove(name);
        info.Environment["LC_ALL"] = "C";
        if (libDirectory is not null)
        {
            info.Environment.TryGetValue("LD_LIBRARY_PATH", out var before);
            info.Environment["LD_LIBRARY_PATH"] = string.IsNullOrEmpty(before) ? libDirectory : $"{libDirectory}:{before}";
        }

        return info;
    }

    public static Process Start(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new EmbeddedPostgresException(
                EmbeddedPostgresErrors.ToolMissing,
                $"'{info.FileName}' could not be run: {e.Message}. Install the package that holds it (setpriv and setsid: util-linux; "
                + "find: findutils; stat: coreutils), or see whether PATH is empty.",
                e);
        }
    }
}
