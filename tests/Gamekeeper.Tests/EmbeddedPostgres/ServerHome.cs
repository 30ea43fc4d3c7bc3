using System.Diagnostics;
using Gamekeeper.EmbeddedPostgres;
using Gamekeeper.Tests.Harness;
using Npgsql;

namespace Gamekeeper.Tests.EmbeddedPostgres;

/// <summary>
/// A folder for one test's server, removed with whatever runs in it. A copy of a finished cluster spares each test its initdb.
/// </summary>
internal sealed class ServerHome : IAsyncDisposable
{
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);

    private readonly List<IAsyncDisposable> _launched = [];

    private readonly string _root;

    private ServerHome(string root, string below)
    {
        _root = root;
        Path = root + below;
    }

    public string Path { get; }

    public string Data => System.IO.Path.Combine(Path, "data");

    public static ServerHome Empty(string below = "") => new(NewPath(), below);

    public static async Task<ServerHome> WithClusterAsync(string below = "")
    {
        var home = Empty(below);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(home.Path)!);
        await RunAsync("cp", "-a", await Template.Value, home.Path);
        return home;
    }

    public EmbeddedPostgresOptions Options() => new() { Directory = Path, Durability = Durability.None };

    public Task<EmbeddedPostgresServer> StartAsync() => EmbeddedPostgresServer.StartAsync(Options());

    public Task<ServerAccount> AccountAsync() => ServerAccount.ChooseAsync(null, Data, CancellationToken.None);

    /// <summary>
    /// Starts the cluster beside the library, as an operator or another program would; <paramref name="script"/> sees it as "$@".
    /// </summary>
    public async Task<ByHand> LaunchByHandAsync(string script)
    {
        int id;
        await using (var once = await StartAsync())
            id = once.ProcessId;
        ProcessTable.IsAlive(id).ShouldBeFalse();
        var installation = await PostgresInstallation.FindAsync();
        var byHand = new ByHand(await AccountAsync(), ["sh", "-c", script, "sh", installation.Postgres, "-D", Data]);
        _launched.Add(byHand);
        await Soon.TrueAsync(() => PostmasterPid.Read(System.IO.Path.Combine(Data, "postmaster.pid")) is { Ready: true });
        return byHand;
    }

    /// <summary>A process of the server's user that has nothing to do with the server.</summary>
    public async Task<ByHand> LaunchStrangerAsync()
    {
        var stranger = new ByHand(await AccountAsync(), ["sleep", "1000"]);
        _launched.Add(stranger);
        return stranger;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var launched in _launched)
            await launched.DisposeAsync();
        await EmbeddedPostgresServer.StopAsync(Path);
        if (Directory.Exists(_root))
            Directory.Delete(_root, recursive: true);
    }

    public static async Task<object?> AskAsync(EmbeddedPostgresServer server, string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static string NewPath() =>
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), "gkt-" + System.IO.Path.GetRandomFileName().Replace(".", ""));

    private static async Task<string> MakeTemplateAsync()
    {
        var home = Empty();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(home.Path, recursive: true);
        await using var server = await home.StartAsync();
        await AskAsync(server, "create table public.coin (amount int)");
        await AskAsync(server, "insert into public.coin values (42)");
        return home.Path;
    }

    private static async Task RunAsync(params string[] command) =>
        (await Tool.RunAsync(command, null, CancellationToken.None)).ShouldSatisfyAllConditions(t => t.ExitCode.ShouldBe(0, t.Errors));
}

/// <summary>A process started beside the library, as the server's user; ended with everything below it.</summary>
internal sealed class ByHand : IAsyncDisposable
{
    private readonly Process _process;

    public ByHand(ServerAccount account, IReadOnlyList<string> command)
    {
        _process = Tool.Start(Tool.StartInfo(account.Command(command), null));
        // setpriv and sh become the command itself.
        ProcessId = _process.Id;
    }

    public int ProcessId { get; }

    public Task SayAsync(string line) => _process.StandardInput.WriteLineAsync(line).ContinueWith(_ => _process.StandardInput.Flush());

    /// <summary>setpriv and sh have handed over to the command itself.</summary>
    public Task BecomesAsync(string program) => Soon.TrueAsync(() => File.ReadAllText($"/proc/{ProcessId}/comm").Trim() == program);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

/// <summary>The system's clock, which tells when somebody begins to wait.</summary>
internal sealed class WatchedClock : TimeProvider
{
    private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task SomebodyWaits => _waiting.Task;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _waiting.TrySetResult();
        return base.CreateTimer(callback, state, dueTime, period);
    }
}
