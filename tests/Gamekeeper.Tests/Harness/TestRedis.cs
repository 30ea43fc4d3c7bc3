using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gamekeeper.EmbeddedPostgres;
using Gamekeeper.Redis;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(TestRedisFixture))]

namespace Gamekeeper.Tests.Harness;

/// <summary>Ends the Redis that all tests share, when the run ends: nothing secret or personal has passed through it by then.</summary>
public sealed class TestRedisFixture : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await TestRedis.EndSharedAsync();
}

/// <summary>
/// A redis-server of the tests' own: a socket file and a free loopback port, a folder for what it keeps, no persistence unless a test
/// saves. It ends with the test, and with this process. Most tests share one and keep to databases and key names of their own; whoever
/// kills, stops or configures starts one for itself.
/// </summary>
internal sealed class TestRedis : IAsyncDisposable
{
    // It has no way to end with whoever started it; the shell between us has: its input closes when we do. Its output is the server's alone,
    // so that it ends with the server.
    private const string UntilInputCloses = """
        "$@" & server=$!
        echo "pid $server"
        exec >&- 2>&-
        read -r _
        kill -KILL "$server"
        wait "$server"
        """;

    private static readonly Lazy<Task<TestRedis>> Shared = new(StartWatchedAsync);
    private readonly string _program;
    private readonly IReadOnlyList<string> _settings;
    private Process? _shell;
    private int _processId;
    private RedisWatch? _watch;

    private TestRedis(string program, string folder, int port, IReadOnlyList<string> settings) =>
        (_program, Folder, Port, _settings) = (program, folder, port, settings);

    public string Folder { get; }

    public int Port { get; }

    public string SocketFile => Path.Combine(Folder, "redis.sock");

    /// <summary>Through TCP.</summary>
    public string ConnectionString => $"redis://127.0.0.1:{Port}";

    /// <summary>The one that all tests share. Skips the test where there is no Redis; under continuous integration (CI=true) that is a failure.</summary>
    public static async Task<TestRedis> SharedAsync()
    {
        _ = Require();
        return await Shared.Value;
    }

    /// <summary>The same, where there is one: for servers that are as well off without.</summary>
    public static async Task<TestRedis?> SharedIfAnyAsync() => Find() is null && Environment.GetEnvironmentVariable("CI") != "true" ? null : await SharedAsync();

    /// <summary>One for a single test.</summary>
    /// <param name="settings">Further settings, as on the command line: <c>--requirepass hunter2</c>.</param>
    public static Task<TestRedis> StartAsync(params string[] settings) => StartAsync(usesTls: false, settings);

    /// <summary>One that speaks TLS and nothing else on its port; the settings name its certificate.</summary>
    public static Task<TestRedis> StartTlsAsync(params string[] settings) => StartAsync(usesTls: true, settings);

    public static async Task EndSharedAsync()
    {
        if (!Shared.IsValueCreated || !Shared.Value.IsCompletedSuccessfully)
            return;
        await using var shared = await Shared.Value;
        await using var watch = shared._watch!;
        await using (var client = await shared.ClientAsync())
            await watch.CatchUpAsync(async mark => await client.SendAsync(new RedisCommand("ECHO", mark)));
        watch.Found.ShouldBeEmpty($"{watch.Seen} commands were seen");
    }

    /// <summary>A client of this server that is ready, with short pauses so that tests need not wait for them.</summary>
    public async Task<RedisClient> ClientAsync(Action<RedisOptions>? configure = null, TimeProvider? clock = null)
    {
        var client = NewClient(configure, clock);
        await client.ReadyAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return client;
    }

    /// <summary>A client of this server that has not begun to connect.</summary>
    public RedisClient NewClient(Action<RedisOptions>? configure = null, TimeProvider? clock = null) => NewClient(ConnectionString, configure, clock);

    public static RedisClient NewClient(string connectionString, Action<RedisOptions>? configure = null, TimeProvider? clock = null)
    {
        var options = new RedisOptions
        {
            ConnectionString = connectionString,
            ReconnectDelayMin = TimeSpan.FromMilliseconds(2),
            ReconnectDelayMax = TimeSpan.FromMilliseconds(20),
            // A busy machine is not what is tested here.
            CommandTimeout = TimeSpan.FromSeconds(20),
            SilenceLimit = TimeSpan.FromSeconds(40),
        };
        configure?.Invoke(options);
        options.Problems().ShouldBeEmpty();
        return new RedisClient(options, clock ?? TimeProvider.System, NullLogger<RedisClient>.Instance);
    }

    /// <summary>As kill -9.</summary>
    public async Task KillAsync()
    {
        Libc.Signal(_processId, Libc.SigKill);
        await EndShellAsync();
    }

    /// <summary>Starts again what was killed, on the same port, from what it has saved.</summary>
    public Task RestartAsync() => RunAsync();

    /// <summary>Writes everything to disk, for a restart to find.</summary>
    public async Task SaveAsync(RedisClient client) => (await client.SendAsync(new("SAVE"))).Text.ShouldBe("OK");

    /// <summary>The process stands still, as on a machine that swaps: connections stay and nothing answers.</summary>
    public void Pause() => Libc.Signal(_processId, 19);

    public void Resume() => Libc.Signal(_processId, 18);

    public async ValueTask DisposeAsync()
    {
        if (_shell is not null)
        {
            Libc.Signal(_processId, Libc.SigKill);
            await EndShellAsync();
        }
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<TestRedis> StartWatchedAsync()
    {
        var redis = await StartAsync();
        redis._watch = await RedisWatch.StartAsync(redis.Port);
        return redis;
    }

    private static async Task<TestRedis> StartAsync(bool usesTls, string[] settings)
    {
        var program = Require();
        var port = FreePort.Choose();
        var text = port.ToString(CultureInfo.InvariantCulture);
        string[] ports = usesTls ? ["--port", "0", "--tls-port", text] : ["--port", text];
        var redis = new TestRedis(program, Directory.CreateTempSubdirectory("gkt-redis-").FullName, port, [.. ports, .. settings.SelectMany(s => s.Split(' '))]);
        await redis.RunAsync();
        return redis;
    }

    /// <summary>The program. Skips the test where there is none; under continuous integration (CI=true) that is a failure.</summary>
    public static string Require()
    {
        var program = Find();
        const string Missing = "There is no redis-server on PATH nor in GAMEKEEPER_REDIS_BIN; './gamekeeper test' installs one.";
        if (program is null && Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(Missing);
        Assert.SkipWhen(program is null, Missing);
        return program!;
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("GAMEKEEPER_REDIS_BIN") is { Length: > 0 } named ? named : Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "redis-server"))
            .FirstOrDefault(File.Exists);

    private async Task RunAsync()
    {
        string[] ours =
        [
            "--bind", "127.0.0.1", "--unixsocket", SocketFile, "--dir", Folder,
            "--save", "", "--appendonly", "no", "--daemonize", "no", "--enable-debug-command", "local",
        ];
        var start = Tool.StartInfo(["sh", "-c", UntilInputCloses, "sh", _program, .. ours, .. _settings], Environment.GetEnvironmentVariable("GAMEKEEPER_REDIS_LIB"));
        _shell = Tool.Start(start);
        var said = new StringBuilder();
        // The shell and the server speak at once: on a busy machine the server may be ready before the shell has said who it is.
        var (processId, isReady) = (0, false);
        while (await _shell.StandardOutput.ReadLineAsync() is { } line)
        {
            said.AppendLine(line);
            if (line.StartsWith("pid ", StringComparison.Ordinal))
                processId = int.Parse(line.AsSpan(4), CultureInfo.InvariantCulture);
            isReady |= line.Contains("Ready to accept connections", StringComparison.Ordinal) || line.Contains("The server is now ready to accept connections at", StringComparison.Ordinal);
            if (!isReady || processId == 0)
                continue;
            _processId = processId;
            _ = _shell.StandardOutput.ReadToEndAsync();
            _ = _shell.StandardError.ReadToEndAsync();
            return;
        }
        throw new InvalidOperationException($"redis-server did not start: {said}");
    }

    private async Task EndShellAsync()
    {
        _shell!.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
        _shell = null;
    }
}
