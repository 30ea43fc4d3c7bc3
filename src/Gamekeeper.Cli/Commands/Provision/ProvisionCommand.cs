using System.CommandLine;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Home;
using Gamekeeper.Cli.Supervision;
using Gamekeeper.Migrations.Provisioning;

namespace Gamekeeper.Cli.Commands.Provision;

/// <summary><c>provision</c>: roles and database on a PostgreSQL of one's own, and the files a server and a migration are started with.</summary>
internal static class ProvisionCommand
{
    private const string SuperuserVariable = "ConnectionStrings__PostgresSuperuser";

    private static readonly Option<string> Folder = new("--secrets")
    {
        Description = "Folder for passwords and master key, for its owner alone; made when it is missing. Passwords that lie there are taken, missing ones made.",
        HelpName = "folder",
        Required = true,
    };

    private static readonly Option<string> Database = new("--database")
    {
        Description = "The database to make, or to bring up to date.",
        HelpName = "name",
        DefaultValueFactory = _ => PrivateDatabase.Name,
    };

    public static Command Create()
    {
        var command = new Command(
            "provision", $"Make roles and database on your own PostgreSQL, as the superuser of --connection @FILE or {SuperuserVariable}. Safe to repeat.") { Folder, Database };
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        var superuser = Superuser(invocation.Connection);
        var program = ServerProcess.FindProgram();
        var folder = Path.GetFullPath(arguments.GetValue(Folder)!);
        RefuseOpen(folder);
        var database = arguments.GetValue(Database)!;
        var secrets = new Secrets(folder);
        var files = new ProvisionedFiles(folder, superuser, database, secrets);
        files.RefuseUnwritable();

        await new DatabaseProvisioner(superuser).ProvisionAsync(new ProvisioningRequest(database, secrets.RolePasswords()), cancellationToken);
        files.Write();

        var start = $"set -a; . {files.ServerFile}; set +a; exec dotnet {program} --urls http://127.0.0.1:8080";
        invocation.Terminal.Answer(
            new { database, secrets = folder, server_file = files.ServerFile, owner_file = files.OwnerFile, start },
            terminal => terminal.Write(
                $"""
                Roles and the database '{database}' are ready. Passwords and the master key lie in {folder}: keep a copy of master.key apart from the backups.

                Migrate:  (set -a; . {files.ServerFile}; . {files.OwnerFile}; set +a; ./gamekeeper migrate up)
                Serve:    ({start})
                """));
        return ExitCodes.Ok;
    }

    private static string Superuser(string? connection)
    {
        var given = connection ?? Environment.GetEnvironmentVariable(SuperuserVariable);
        return string.IsNullOrWhiteSpace(given)
            ? throw new GamekeeperException(
                "configuration.missing", $"Roles are made by a superuser, and nobody said which: write a connection string into a file and name it with --connection @FILE, or set {SuperuserVariable}.")
            : ConnectionText.Of(given);
    }

    // Made by us it is closed. One that somebody left open may have been read already.
    private static void RefuseOpen(string folder)
    {
        const UnixFileMode others =
            UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        if (Directory.Exists(folder) && (File.GetUnixFileMode(folder) & others) != UnixFileMode.None)
            throw new GamekeeperException("configuration.invalid", $"The folder {folder} is open to others than its owner. Close it first: chmod 700 {folder}");
    }
}
