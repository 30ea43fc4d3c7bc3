using System.CommandLine;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Home;
using Gamekeeper.Cli.Supervision;
using Gamekeeper.Simulation.Demo;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>demo</c>: a story that shows what is promised, told from outside over HTTP. It fails when a promise breaks.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var command = new Command("demo", "Play a short story against the server that runs, or against one started for it. Exit code 1 when a promise breaks.");
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        invocation.RefuseNamedDatabase();
        using var mine = UpLock.TryTake(invocation.Home);
        if (mine is not null)
        {
            invocation.Terminal.Say("No server runs here; starting one for the story.");
            return await new ForegroundUp(invocation).RunAsync(
                new UpPlan(Port: null, Seed: true, Unattended: true), (state, database, ct) => PlayAsync(invocation, state, database, ct), cancellationToken);
        }
        var running = await new RunningUp(invocation).WaitUntilReadyAsync(() => false, cancellationToken);
        return await PlayAsync(invocation, running!, held: null, cancellationToken);
    }

    private static async Task<int> PlayAsync(Invocation invocation, RunState state, PrivateDatabase? held, CancellationToken cancellationToken)
    {
        var terminal = invocation.Terminal;
        var code = await OperatorCodes.MakeAsync(invocation, held, cancellationToken);
        using var client = Loopback.Client(TimeSpan.FromSeconds(60));
        client.BaseAddress = new Uri(state.Url);
        // For a program the verdict is the answer, and the story is talk.
        var story = new DemoStory(client, code.Code, terminal.IsJson ? terminal.Say : terminal.Write, invocation.Clock);
        try
        {
            await story.PlayAsync(cancellationToken);
            terminal.Answer(new { holds = true }, _ => { });
            return ExitCodes.Ok;
        }
        catch (BrokenPromiseException broken)
        {
            terminal.Answer(new { holds = false, broken = broken.Message }, _ => { });
            terminal.Say($"A promise broke: {broken.Message}");
            return ExitCodes.CheckFailed;
        }
    }
}
