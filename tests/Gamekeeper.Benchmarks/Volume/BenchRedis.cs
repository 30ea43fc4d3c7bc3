using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gamekeeper.Benchmarks.Volume;

/// <summary>A redis-server of this run's own on a loopback port, as it comes but for its persistence, which is off.</summary>
internal sealed class BenchRedis : IAsyncDisposable
{
    // It has no way to end with whoever started it; the shell between us has: its input closes when we do.
    private const string UntilInputCloses = """
        "$@" & server=$!
        exec >&- 2>&-
        read -r _
        kill -KILL "$server"
        wait "$server"
        """;

    private readonly Process _shell;
    private readonly string _folder;

    private BenchRedis(Process shell, string folder, int port)
    {
        (_shell, _folder, Port) = (shell, folder, port);
        Benchmark = new RedisBenchmark(PathOf("redis-benchmark"), port);
    }

    public int Port { get; }

    /// <summary>Through TCP, as a Redis is reached.</summary>
    public string ConnectionString => $"redis://127.0.0.1:{Port}";

    /// <summary>The limit.</summary>
    public RedisBenchmark Benchmark { get; }

    /// <exception cref="GamekeeperException"><c>bench.no-redis</c>: the programs are not to be found.</exception>
    public static void Require()
    {
        foreach (var program in new[] { "redis-server", "redis-benchmark" })
            _ = PathOf(program);
    }

    public static async Task<BenchRedis> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("gamekeeper-bench-redis-").FullName;
        var port = FreePort();
        string[] settings =
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder,
            "--save", "", "--appendonly", "no", "--daemonize", "no",
        ];
        var start = StartInfo("sh", ["-c", UntilInputCloses, "sh", PathOf("redis-server"), .. settings]);
        start.RedirectStandardInput = true;
        var shell = Process.Start(start)!;
        var said = new StringBuilder();
        while (await shell.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            said.AppendLine(line);
            if (!line.Contains("Ready to accept connections", StringComparison.Ordinal))
                continue;
            _ = shell.StandardOutput.ReadToEndAsync(CancellationToken.None);
            _ = shell.StandardError.ReadToEndAsync(CancellationToken.None);
            return new BenchRedis(shell, folder, port);
        }
        throw new InvalidOperationException($"redis-server did not start: {said}");
    }

    /// <summary>A client of ours that is connected; the caller disposes it.</summary>
    public async Task<RedisClient> ClientAsync(CancellationToken cancellationToken)
    {
        var client = new RedisClient(new RedisOptions { ConnectionString = ConnectionString }, TimeProvider.System, NullLogger<RedisClient>.Instance);
        await client.ReadyAsync(cancellationToken);
        return client;
    }

    /// <summary>As it is started by everybody here: output caught, libraries of a private installation found.</summary>
    public static ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Environment.GetEnvironmentVariable("GAMEKEEPER_REDIS_LIB") is { Length: > 0 } libraries)
            start.Environment["LD_LIBRARY_PATH"] = libraries;
        return start;
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string PathOf(string program) =>
        (Environment.GetEnvironmentVariable("GAMEKEEPER_REDIS_BIN") is { Length: > 0 } named ? named : Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists)
        ?? throw new GamekeeperException(
            "bench.no-redis",
            $"There is no {program} on PATH nor in GAMEKEEPER_REDIS_BIN. It comes with Redis (Debian, Ubuntu: redis-server and redis-tools, 7 or newer); './gamekeeper bench' installs it where it can."
        );

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
