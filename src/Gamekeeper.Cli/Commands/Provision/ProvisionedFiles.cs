using System.Security.Cryptography;
using System.Text;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Home;
using Npgsql;

namespace Gamekeeper.Cli.Commands.Provision;

/// <summary>
/// Environment files, for a shell and for a service unit's EnvironmentFile alike: what the server is started with, and apart from it what
/// migrations need besides, so that the server never has the owner's password.
/// </summary>
internal sealed class ProvisionedFiles(string folder, string superuser, string database, Secrets secrets)
{
    public string ServerFile => Path.Combine(folder, "server.env");

    public string OwnerFile => Path.Combine(folder, "owner.env");

    /// <summary>Asked before anything is made.</summary>
    /// <exception cref="GamekeeperException"><c>configuration.invalid</c>: a value cannot stand in such a file.</exception>
    public void RefuseUnwritable()
    {
        _ = ServerText();
        _ = OwnerText();
    }

    /// <summary>Writes both, in place of what is there.</summary>
    public void Write()
    {
        Write(ServerFile, ServerText());
        Write(OwnerFile, OwnerText());
    }

    private string ServerText() =>
        Line(ReachedDatabase.ApplicationVariable, ConnectionString(DatabaseRole.App)) + Line("Gamekeeper__MasterKey", secrets.MasterKey());

    private string OwnerText() => Line(ReachedDatabase.OwnerVariable, ConnectionString(DatabaseRole.Owner));

    // Only where the server is and how it is checked: what else a superuser's connection says is the superuser's.
    private string ConnectionString(DatabaseRole role)
    {
        var administrator = new NpgsqlConnectionStringBuilder(superuser);
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = administrator.Host,
            Port = administrator.Port,
            Database = database,
            Username = role.RoleName(),
            Password = secrets.RolePassword(role.RoleName()),
            SslMode = administrator.SslMode,
        };
        if (administrator.RootCertificate is { } root)
            text.RootCertificate = root;
        return text.ConnectionString;
    }

    // Within single quotes neither a shell nor systemd reads anything into a value, and a quote itself has no spelling that both know.
    private static string Line(string name, string value) =>
        value.AsSpan().ContainsAny('\'', '\n')
            ? throw new GamekeeperException("configuration.invalid", $"The value of {name} holds a single quote or a line break, which an environment file cannot: choose another password, database or file name.")
            : $"{name}='{value}'\n";

    private static void Write(string file, string text)
    {
        var beside = $"{file}.{RandomNumberGenerator.GetHexString(8)}.new";
        using (var stream = new FileStream(
            beside,
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        File.Move(beside, file, overwrite: true);
    }
}
