using System.CommandLine;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Migrations;

namespace Gamekeeper.Cli.Commands.Migrate;

/// <summary>The verbs on the files themselves, for whoever writes them.</summary>
internal static class MigrateFiles
{
    private static readonly Argument<string> Folder = new("folder") { Description = "The game's folder of migrations, such as src/Gamekeeper.SummonersGrid/Migrations." };
    private static readonly Argument<string> Title = new("title") { Description = "What it does, in a-z, 0-9 and _: add_tribes." };
    private static readonly Option<bool> Distributed = new("--distributed") { Description = "Tell instead what spreading the rows over several servers would have to drop; asks the database." };

    public static Command New()
    {
        var command = new Command("new", "Write the pair of files of a new migration.") { Folder, Title };
        command.SetAction(Invocation.Of(NewAsync));
        return command;
    }

    public static Command Lint()
    {
        var command = new Command("lint", "Tell what is wrong with the files. Exit code 1 when something is.") { Distributed };
        command.SetAction(Invocation.Of(LintAsync));
        return command;
    }

    private static Task<int> NewAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            var (up, down) = NewMigration.Write(arguments.GetValue(Folder)!, arguments.GetValue(Title)!, invocation.Clock);
            invocation.Terminal.Answer(new { up, down }, terminal => terminal.Write($"{up}\n{down}"));
            return Task.FromResult(ExitCodes.Ok);
        }
        catch (ArgumentException title)
        {
            throw new GamekeeperException("usage.invalid", title.Message, title);
        }
    }

    private static async Task<int> LintAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        var distributed = arguments.GetValue(Distributed);
        await using var gamekeeper = distributed ? await OpenedGamekeeper.OpenAsync(invocation, cancellationToken) : OpenedGamekeeper.WithoutDatabase();
        var migrator = gamekeeper.Get<Migrator>();
        var findings = distributed ? await migrator.LintDistributedAsync(cancellationToken) : migrator.Lint();
        invocation.Terminal.Answer(
            findings,
            terminal =>
            {
                foreach (var finding in findings)
                    terminal.Write($"{finding.Where}: {finding.Finding} {finding.Remedy} ({finding.Rule})");
                terminal.Write(findings.Count == 0 ? "Nothing to complain of." : $"{findings.Count} findings.");
            });
        return findings.Count == 0 || distributed ? ExitCodes.Ok : ExitCodes.CheckFailed;
    }
}
