using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gamekeeper.Cli.Supervision;
using Gamekeeper.Simulation.Reads;

namespace Gamekeeper.Cli.Proof;

/// <summary>A redis-server of a proof's own, on one port throughout, that keeps nothing but what it is told to write down.</summary>
internal sealed class ProofRedis : IProofRedis
{
    private const string DumpFile = "dump.rdb";
    private const string AsideFile = "aside.rdb";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);

    private readonly string _program;
    private readonly string _folder;
    private readonly TimeProvider _clock;
    private ChildProcess? _process;

    private ProofRedis(string program, string folder, TimeProvider clock) => (_program, _folder, _clock) = (program, folder, clock);

    public IPEndPoint Address { get; } = new(IPAddress.Loopback, ServerAddress.AnyFree());

    /// <summary>Starts one in a new folder.</summary>
    /// <exception cref="GamekeeperException"><c>redis.unavailable</c>: there is no redis-server here.</exception>
    public static async Task<ProofRedis> StartAsync(string folder, TimeProvider clock, CancellationToken cancellationToken)
    {
        var redis = new ProofRedis(FindProgram(), folder, clock);
        Directory.CreateDirectory(folder, (UnixFileMode)0b111_000_000);
        await redis.StartAsync(withDump: false, cancellationToken);
        return redis;
    }

    /// <inheritdoc />
    public async Task<int> SaveAsync(CancellationToken cancellationToken)
    {
        var size = await AskAsync("DBSIZE", cancellationToken);
        if (await AskAsync("SAVE", cancellationToken) is var answer and not "+OK")
            throw new GamekeeperException("redis.unavailable", $"Redis did not write its dump: {answer}");
        File.Copy(Path.Combine(_folder, DumpFile), Path.Combine(_folder, AsideFile), overwrite: true);
        return int.Parse(size.AsSpan(1), CultureInfo.InvariantCulture);
    }

    /// <inheritdoc />
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        Signals.Send(_process!.Identity.Id, Signals.Kill);
        await _process.Exited.WaitAsync(Patience, _clock, cancellationToken);
    }

    /// <inheritdoc />
    public async Task StartAsync(bool withDump, CancellationToken cancellationToken)
    {
        var dump = Path.Combine(_folder, DumpFile);
        if (withDump)
            File.Copy(Path.Combine(_folder, AsideFile), dump, overwrite: true);
        else
            File.Delete(dump);
        var environment = new Dictionary<string, string>();
        if (Environment.GetEnvironmentVariable("GAMEKEEPER_REDIS_LIB") is { Length: > 0 } libraries)
            environment["LD_LIBRARY_PATH"] = libraries;
        string[] command =
        [
            _program, "--bind", "127.0.0.1", "--port", Address.Port.ToString(CultureInfo.InvariantCulture),
            "--dir", _folder, "--dbfilename", DumpFile, "--save", "", "--appendonly", "no", "--daemonize", "no",
        ];
        _process = await ChildProcess.LaunchAsync(command, environment, Path.Combine(_folder, "redis.log"), _folder);
        var started = _clock.GetTimestamp();
        while (!await AnswersAsync(cancellationToken))
        {
            if (_process.Exited.IsCompleted || _clock.GetElapsedTime(started) > Patience)
                throw new GamekeeperException("redis.unavailable", $"The redis-server of the proof did not come up.\n{LogTail.Of(Path.Combine(_folder, "redis.log"), from: 0)}");
            await Task.Delay(LookAgain, _clock, cancellationToken);
        }
    }

    /// <inheritdoc />
    public void Pause() => Signals.Send(_process!.Identity.Id, Signals.Stop);

    /// <inheritdoc />
    public void Wake() => Signals.Send(_process!.Identity.Id, Signals.Continue);

    /// <inheritdoc />
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await AskAsync("FLUSHALL", cancellationToken);
        await AskAsync("SCRIPT FLUSH", cancellationToken);
    }

    public async Task EndAsync()
    {
        if (_process is null)
            return;
        Signals.Send(_process.Identity.Id, Signals.Kill);
        await _process.Exited;
    }

    // As the script and the tests find it.
    private static string FindProgram() =>
        (Environment.GetEnvironmentVariable("GAMEKEEPER_REDIS_BIN") is { Length: > 0 } named ? named : Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "redis-server"))
            .FirstOrDefault(File.Exists)
        ?? throw new GamekeeperException(
            "redis.unavailable", "There is no redis-server on PATH nor in GAMEKEEPER_REDIS_BIN; './gamekeeper prove reads' installs one where it can.");

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync("PING", cancellationToken) == "+PONG";
        }
        catch (Exception notYet) when (notYet is SocketException or IOException)
        {
            return false;
        }
    }

    // One line, one answer of one line: all that a proof has to say to it.
    private async Task<string> AskAsync(string command, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Address, cancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\n"), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadLineAsync(cancellationToken) ?? "";
    }
}
