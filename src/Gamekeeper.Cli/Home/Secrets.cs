using System.Security.Cryptography;
using Gamekeeper.Migrations.Provisioning;
using Gamekeeper.Storage;

namespace Gamekeeper.Cli.Home;

/// <summary>Generated once and then only read: one file each, for this user alone. Losing the master key loses every protected value.</summary>
internal sealed class Secrets(string folder)
{
    /// <summary>Where the master key lies in the folder.</summary>
    public const string MasterKeyFile = "master.key";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The password of a database role; made when there is none yet.</summary>
    public string RolePassword(string role) => ReadOrMake($"{role}.password", () => RandomNumberGenerator.GetHexString(48, lowercase: true));

    /// <summary>Those of all roles that log in.</summary>
    public RolePasswords RolePasswords() =>
        new(
            Owner: RolePassword("gamekeeper_owner"),
            App: RolePassword("gamekeeper_app"),
            Readonly: RolePassword("gamekeeper_readonly"),
            Backup: RolePassword("gamekeeper_backup"),
            Auditor: RolePassword("gamekeeper_auditor"));

    /// <summary>The key that wraps every account's data key: 32 bytes, base64.</summary>
    public string MasterKey() => ReadOrMake(MasterKeyFile, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

    /// <summary>The names of the secrets that exist, for <c>config</c>.</summary>
    public IReadOnlyList<string> Names() =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)] : [];

    private string ReadOrMake(string name, Func<string> make)
    {
        var file = Path.Combine(folder, name);
        if (File.Exists(file))
            return Read(file);
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);

        // Written beside and linked in without overwriting: of two that make it at once one wins, and both read the winner's.
        var beside = $"{file}.{RandomNumberGenerator.GetHexString(8)}.new";
        using (var stream = new FileStream(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(make() + "\n"));
            stream.Flush(flushToDisk: true);
        }
        try
        {
            FinishedFile.TryPublish(beside, file);
        }
        catch (IOException failure)
        {
            throw new GamekeeperException("configuration.invalid", $"The secret {file} could not be written: {failure.Message}", failure);
        }
        finally
        {
            File.Delete(beside);
        }
        return Read(file);
    }

    private static string Read(string file)
    {
        var value = File.ReadAllText(file).Trim();
        return value.Length > 0
            ? value
            : throw new GamekeeperException(
                "configuration.invalid",
                $"The secret {file} is empty. Put it back from a backup; it cannot be made anew, since the database already depends on it.");
    }
}
