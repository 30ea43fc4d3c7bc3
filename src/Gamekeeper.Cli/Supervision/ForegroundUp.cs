using System.Reflection;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Home;

namespace Gamekeeper.Cli.Supervision;

/// <summary>The <c>up</c> itself: database, schema, seeds, server, and then watching until told to stop.</summary>
internal sealed class ForegroundUp(Invocation invocation)
{
    public static string Version { get; } =
        typeof(ForegroundUp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    public async Task<int> RunAsync(UpPlan plan, CancellationToken cancellationToken)
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
        var running = supervisor.RunAsync(
            new RunState
            {
                Up = ProcessIdentity.Of(Environment.ProcessId)!,
                PostgresProcessId = database.Server.ProcessId,
                PostgresPort = database.Server.Port,
                PostgresVersion = database.Server.Version.ToString(),
                Url = url,
                StartedAt = clock.GetUtcNow(),
                Version = Version,
            },
            cancellationToken);
        try
        {
            if (await Task.WhenAny(supervisor.Ready, running) == supervisor.Ready && supervisor.Ready.IsCompletedSuccessfully && !plan.Unattended)
                await new Announcement(invocation).TellAsync(RunState.Read(home)!, database, cancellationToken);
            await running;
        }
        finally
        {
            RunState.Remove(home);
        }
        terminal.Say("Stopping…");
        await database.DisposeAsync();
        terminal.Say("Stopped.");
        return ExitCodes.Ok;
    }

    // An earlier 'up' was killed: its server was asked to end with it and may still be answering its last requests, on our port.
    private async Task EndLeftoverServerAsync(CancellationToken cancellationToken)
    {
        if (RunState.Read(invocation.Home) is not { Server: { IsAlive: true } server })
            return;
        invocation.Terminal.Say($"An earlier server (process {server.Id}) is still ending; waiting for it…");
        await LeftoverProcess.EndAsync(server, invocation.Clock, cancellationToken);
    }
}
