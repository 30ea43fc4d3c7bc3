using System.Reflection;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Home;

namespace Gamekeeper.Cli.Supervision;

/// <summary>The <c>up</c> itself: database, schema, seeds, server, and then watching until told to stop.</summary>
internal sealed class ForegroundUp(Invocation invocation)
{
    public static string Version { get; } =
        typeof(ForegroundUp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>Runs everything for as long as <paramref name="whileServing"/> takes, or until cancelled, and stops it in order.</summary>
    /// <param name="plan">What was asked for.</param>
    /// <param name="whileServing">Called once the server is ready; its exit code is the answer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<int> RunAsync(
        UpPlan plan, Func<RunState, PrivateDatabase, CancellationToken, Task<int>> whileServing, CancellationToken cancellationToken)
    {
        var (terminal, home, clock) = (invocation.Terminal, invocation.Home, invocation.Clock);
        await EndLeftoverServerAsync(cancellationToken);
        var url = ServerAddress.Url(ServerAddress.Choose(plan.Port));
        var program = ServerProcess.FindProgram();

        await using var database = await PrivateDatabase.StartAsync(home, clock, cancellationToken);
        foreach (var note in database.Server.Notes)
            terminal.Say($"PostgreSQL: {note}.");
        await new Preparation(terminal).RunAsync(database, plan.Seed, cancellationToken);

        var server = new ServerProcess(program, url, () => ServerEnvironment.Of(database, url), home.ServerLog);
        var supervisor = new Supervisor(terminal, home, database, server, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = supervisor.RunAsync(FirstState(database, url), end.Token);
        try
        {
            await await Task.WhenAny(supervisor.Ready, running);
            var serving = cancellationToken.IsCancellationRequested
                ? Task.FromResult(ExitCodes.Interrupted)
                : whileServing(RunState.Read(home)!, database, end.Token);
            await await Task.WhenAny(serving, running);
            return await serving;
        }
        finally
        {
            terminal.Say("Stopping…");
            await end.CancelAsync();
            // Its failure, if that is what ended us, is on its way to the caller already.
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            RunState.Remove(home);
            await database.DisposeAsync();
            terminal.Say("Stopped.");
        }
    }

    private RunState FirstState(PrivateDatabase database, string url) =>
        new()
        {
            Up = ProcessIdentity.Of(Environment.ProcessId)!,
            PostgresProcessId = database.Server.ProcessId,
            PostgresPort = database.Server.Port,
            PostgresVersion = database.Server.Version.ToString(),
            Url = url,
            StartedAt = invocation.Clock.GetUtcNow(),
            Version = Version,
        };

    // An earlier 'up' was killed: its server was asked to end with it and may still be answering its last requests, on our port.
    private async Task EndLeftoverServerAsync(CancellationToken cancellationToken)
    {
        if (RunState.Read(invocation.Home) is not { Server: { IsAlive: true } server })
            return;
        invocation.Terminal.Say($"An earlier server (process {server.Id}) is still ending; waiting for it…");
        await LeftoverProcess.EndAsync(server, invocation.Clock, cancellationToken);
    }
}
