using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Gamekeeper.EmbeddedPostgres;
using Npgsql;

namespace Gamekeeper.Tests.Harness;

/// <summary>
/// A PgBouncer of one test's own in front of the test cluster: transaction mode, few server connections, in a folder and on a loopback
/// port of its own, as an unprivileged user. It ends with the test, and with this process.
/// </summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    // PgBouncer has no way to end with whoever started it; the shell between us has: its input closes when we do.
    private const string UntilInputCloses = """
        "$@" & bouncer=$!
        read -r _
        kill "$bouncer"
        wait "$bouncer"
        """;

    private readonly Process _process;
    private readonly string _folder;
    private readonly int _port;
    private readonly StringBuilder _said = new();

    private PgBouncer(Process process, string folder, int port)
    {
        (_process, _folder, _port) = (process, folder, port);
        DataReceivedEventHandler keep = (_, line) =>
        {
            lock (_said)
                _said.AppendLine(line.Data);
        };
        process.OutputDataReceived += keep;
        process.ErrorDataReceived += keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>
    /// Skips the test, saying why, where there is no PgBouncer; under continuous integration (CI=true) that is a failure.
    /// </summary>
    public static async Task<PgBouncer> StartAsync(int serverConnections = 4)
    {
        var program = Find();
        const string Missing = "There is no pgbouncer on PATH nor in /usr/sbin; install the package pgbouncer, or run the tests as root once.";
        if (program is null && Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(Missing);
        Assert.SkipWhen(program is null, Missing);

        var cluster = await TestCluster.RunningAsync();
        var account = await ServerAccount.ChooseAsync(null, null, CancellationToken.None);
        var folder = Directory.CreateTempSubdirectory("gkt-bouncer-").FullName;
        account.Own(folder);
        var port = FreePort.Choose();
        var app = new NpgsqlConnectionStringBuilder(cluster.ConnectionString(TestRole.App, "postgres"));
        var users = Path.Combine(folder, "users.txt");
        var settings = Path.Combine(folder, "pgbouncer.ini");
        await WriteAsync(account, users, $"\"{app.Username}\" \"{app.Password}\"\n");
        await WriteAsync(account, settings, Settings(app, port, users, serverConnections, await CanPrepareAsync(program!)));
        var start = Tool.StartInfo([.. account.Command("sh", "-c", UntilInputCloses, "sh", program!, settings)], null);
        var bouncer = new PgBouncer(Tool.Start(start), folder, port);
        await bouncer.ListensAsync();
        return bouncer;
    }

    /// <summary>The same database and role, through here.</summary>
    public string Route(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = _port }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append("/usr/sbin") // not on the PATH of ordinary users
            .Select(folder => Path.Combine(folder, "pgbouncer"))
            .FirstOrDefault(File.Exists);

    // From 1.21 on it can keep prepared statements apart, and later versions do so unasked. What holds without that holds with it.
    private static async Task<bool> CanPrepareAsync(string program)
    {
        var told = await Tool.RunAsync([program, "--version"], null, CancellationToken.None);
        var version = told.Output.Split('\n')[0].Split(' ')[^1].Split('.');
        return int.Parse(version[0], CultureInfo.InvariantCulture) > 1 || int.Parse(version[1], CultureInfo.InvariantCulture) >= 21;
    }

    private static string Settings(NpgsqlConnectionStringBuilder server, int port, string users, int serverConnections, bool canPrepare) =>
        $"""
        [databases]
        * = host={server.Host} port={server.Port}
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = {port}
        unix_socket_dir =
        auth_type = scram-sha-256
        auth_file = {users}
        pool_mode = transaction
        default_pool_size = {serverConnections}
        max_client_conn = 500
        ignore_startup_parameters = extra_float_digits
        {(canPrepare ? "max_prepared_statements = 0" : "")}

        """;

    private static async Task WriteAsync(ServerAccount account, string path, string text)
    {
        await File.WriteAllTextAsync(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        account.Own(path);
    }

    private async Task ListensAsync()
    {
        try
        {
            await Soon.TrueAsync(CanConnectAsync, "pgbouncer listens");
        }
        catch (Exception failure)
        {
            string said;
            lock (_said)
                said = _said.ToString();
            await DisposeAsync();
            throw new InvalidOperationException($"pgbouncer did not start: {said}", failure);
        }
    }

    private async Task<bool> CanConnectAsync()
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync("127.0.0.1", _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
