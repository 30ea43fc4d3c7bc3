using System.Globalization;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>
/// The user the server runs as: ourselves, or, because PostgreSQL refuses root, an unprivileged one that root drops to.
/// </summary>
internal sealed record ServerAccount(string Name, uint? UserId, uint? GroupId)
{
    /// <summary>Root takes the owner of existing data first: data made before without root go on working under sudo.</summary>
    public static async Task<ServerAccount> ChooseAsync(string? runAsUser, string? existingData, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
            return new ServerAccount(Environment.UserName, null, null);
        if (runAsUser is null && existingData is not null && await OwnerOfAsync(existingData, cancellationToken) is { UserId: not 0 } owner)
            return owner;

        string[] names = runAsUser is null ? ["postgres", "nobody"] : [runAsUser];
        foreach (var name in names)
        {
            if (await LookUpAsync(name, cancellationToken) is { UserId: not 0 } account)
                return account;
        }

        throw new EmbeddedPostgresException(
            EmbeddedPostgresErrors.NoUnprivilegedUser,
            $"This process is root, PostgreSQL refuses to run as root, and there is no unprivileged user {string.Join(" or ", names)}. "
            + "Make one (useradd --system postgres) or name one in RunAsUser.");
    }

    /// <summary>The command, run as this user and with none of our groups.</summary>
    public IReadOnlyList<string> Command(params IEnumerable<string> command) =>
        UserId is null ? [.. command] : ["setpriv", .. Identity(), "--", .. command];

    /// <summary>
    /// The server's own command. It gets SIGINT (fast shutdown) when the thread that starts it ends, and a session of its own, so
    /// that Ctrl-C in a terminal reaches us first and not the database below our open transactions.
    /// </summary>
    public IReadOnlyList<string> ServerCommand(string logFile, params IEnumerable<string> command) =>
    [
        "setpriv", .. Identity(), "--pdeathsig", "INT", "--",
        // The log is a file of the server's own: a pipe to us would break with us and lose the last, most wanted lines.
        "setsid", "sh", "-c", """umask 077; log=$1; shift; exec "$@" </dev/null >>"$log" 2>&1""", "sh", logFile, .. command,
    ];

    /// <summary>Hands a file or folder over; nothing to do when the server runs as ourselves.</summary>
    public void Own(string path)
    {
        if (UserId is { } user && GroupId is { } group)
            Libc.ChangeOwner(path, user, group);
    }

    public async Task<bool> CanEnterAsync(string folder, CancellationToken cancellationToken) =>
        UserId is null || (await Tool.RunAsync(Command("test", "-x", folder), null, cancellationToken)).ExitCode == 0;

    private IEnumerable<string> Identity() => UserId is null ? [] : [$"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups"];

    private static async Task<ServerAccount?> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        var found = await Tool.RunAsync(["getent", "passwd", name], null, cancellationToken);
        var fields = found.Output.Trim().Split(':');
        return found.ExitCode == 0 && fields.Length >= 4
            ? new ServerAccount(fields[0], Id(fields[2]), Id(fields[3]))
            : null;
    }

    private static async Task<ServerAccount?> OwnerOfAsync(string path, CancellationToken cancellationToken)
    {
        var found = await Tool.RunAsync(["stat", "-c", "%U:%u:%g", path], null, cancellationToken);
        var fields = found.Output.Trim().Split(':');
        return found.ExitCode == 0 && fields.Length == 3
            ? new ServerAccount(fields[0], Id(fields[1]), Id(fields[2]))
            : null;
    }

    private static uint Id(string text) => uint.Parse(text, CultureInfo.InvariantCulture);
}
