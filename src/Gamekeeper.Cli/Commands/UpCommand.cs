using System.CommandLine;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Home;
using Gamekeeper.Cli.Supervision;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>up</c>: a database and a server, from nothing to serving, and kept there.</summary>
internal static class UpCommand
{
    private static readonly Option<bool> Detach = new("--detach", "-d") { Description = "Return once it serves and leave it running; 'down' stops it." };
    private static readonly Option<int?> Port = new("--port") { Description = $"Port of the API. Default {ServerAddress.DefaultPort}, or a free one when that is taken." };
    private static readonly Option<bool> NoSeed = new("--no-seed") { Description = "Leave the database as empty as the migrations make it." };

    // What a detached one is started with: the one who started it tells the person, and nobody reads this one's output.
    private static readonly Option<bool> Unattended = new(DetachedUp.UnattendedOption) { Hidden = true };

    public static Command Create()
    {
        Port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 65535)
                result.AddError("--port takes 1 to 65535.");
        });
        var command = new Command("up", "Start a private PostgreSQL and the server, and keep both running until Ctrl-C.") { Detach, Port, NoSeed, Unattended };
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        invocation.RefuseNamedDatabase();
        var plan = new UpPlan(arguments.GetValue(Port), Seed: !arguments.GetValue(NoSeed), Unattended: arguments.GetValue(Unattended));
        if (arguments.GetValue(Detach))
            return await new DetachedUp(invocation).RunAsync(plan, cancellationToken);

        using var mine = UpLock.TryTake(invocation.Home);
        return mine is null
            ? await new RunningUp(invocation).AttachAsync(cancellationToken)
            : await new ForegroundUp(invocation).RunAsync(plan, ServeAsync, cancellationToken);

        async Task<int> ServeAsync(RunState state, PrivateDatabase database, CancellationToken untilStopped)
        {
            if (!plan.Unattended)
                await new Announcement(invocation).TellAsync(state, database, untilStopped);
            // To be stopped is how it is meant to end.
            await Task.Delay(Timeout.InfiniteTimeSpan, invocation.Clock, untilStopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCodes.Ok;
        }
    }
}
