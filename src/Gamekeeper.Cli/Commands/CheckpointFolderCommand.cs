using System.CommandLine;
using Gamekeeper.Integrity.Checkpoints;
using Gamekeeper.Storage;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>checkpoint check</c>: a copy of the folder by itself, for whoever was given it; no database, no server, no secret.</summary>
internal static class CheckpointFolderCommand
{
    private static readonly Argument<DirectoryInfo> Folder = new("folder") { Description = "A copy of the object folder, with 'checkpoints' in it." };

    private static readonly Option<FileInfo[]> Key = new("--key")
    {
        Description = "A file of public keys in PEM, as 'keys list' prints them. Take them from where they were published, not from the folder.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create()
    {
        var check = new Command("check", "Check a copy of the object folder with public keys alone: chain, signatures, and every root. Exit code 1 when something does not hold.") { Folder, Key };
        check.SetAction(Invocation.Of(RunAsync));
        return check;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        var report = await Open(arguments.GetValue(Folder)!.FullName, arguments.GetValue(Key)!).RunAsync(cancellationToken);
        var holds = report.Breaches.Count == 0;
        invocation.Terminal.Answer(
            new { holds, report.Checkpoints, report.Rows, report.Newest, report.NewestAt, report.NewestHash, report.Breaches },
            terminal =>
            {
                foreach (var breach in report.Breaches)
                    terminal.Write($"checkpoint {breach.Key}: {breach.Finding}");
                terminal.Write($"{report.Checkpoints} checkpoints over {report.Rows} rows; {(holds ? "all hold" : $"{report.Breaches.Count} findings")}.");
                if (report.Newest is { } newest)
                    terminal.Write($"The newest is {newest} of {report.NewestAt:u}, {report.NewestHash}: compare it with what others were given.");
            });
        return holds && report.Newest is not null ? ExitCodes.Ok : ExitCodes.CheckFailed;
    }

    private static CheckFolder Open(string folder, IEnumerable<FileInfo> keys)
    {
        try
        {
            return new CheckFolder(new FolderObjectStore(folder), keys.Select(k => File.ReadAllText(k.FullName)));
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or System.Security.Cryptography.CryptographicException)
        {
            throw new GamekeeperException("usage.invalid", $"The public keys cannot be read: {failure.Message}", failure);
        }
    }
}
