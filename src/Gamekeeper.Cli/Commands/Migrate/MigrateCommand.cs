using System.CommandLine;
using System.Diagnostics;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Output;
using Gamekeeper.Migrations;

namespace Gamekeeper.Cli.Commands.Migrate;

/// <summary><c>migrate</c>: what would change, changing it, and taking it back where data is disposable.</summary>
internal static class MigrateCommand
{
    private static readonly Option<string?> Target = new("--target") { Description = "Stop after this migration, by name or fourteen digits." };
    private static readonly Option<bool> NoData = new("--no-data") { Description = "Leave data migrations out." };
    private static readonly Option<bool> NoContracting = new("--no-contracting") { Description = "Leave out what takes something away: before every instance runs the new version." };
    private static readonly Argument<string> Schema = new("schema") { Description = "Whose files, such as summoners_grid." };
    private static readonly Option<int> Steps = new("--steps") { Description = "How many files, newest first.", DefaultValueFactory = _ => 1 };

    public static Command Create()
    {
        Steps.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--steps takes at least 1.");
        });
        return new Command("migrate", "Bring the schema of every game up to date, and see what that means first.")
        {
            Verb("plan", "What 'up' would run, with what each file says of its locks. Changes nothing.", PlanAsync, Target, NoData, NoContracting),
            Verb("up", "Apply what is pending.", UpAsync, Target, NoData, NoContracting),
            Verb("down", "Take back the last files of one schema, with the data they hold. Development and tests only.", DownAsync, Schema, Steps),
            Verb("status", "Every migration that the code or the database knows.", StatusAsync),
            Verb("script", "Print the SQL that 'up' would run.", ScriptAsync, Target, NoData, NoContracting),
            MigrateFiles.New(),
            MigrateFiles.Lint(),
        };
    }

    private static Command Verb(string name, string description, Invocation.Verb verb, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Option option)
                command.Add(option);
            else
                command.Add((Argument)symbol);
        }
        command.SetAction(Invocation.Of(verb));
        return command;
    }

    private static async Task<int> PlanAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenAsync(invocation, cancellationToken);
        var plan = await gamekeeper.Get<Migrator>().PlanAsync(Request(arguments), cancellationToken);
        invocation.Terminal.Answer(
            plan,
            terminal =>
            {
                foreach (var step in plan)
                {
                    terminal.Write($"{step.Schema}/{step.Name} ({step.Kind.ToString().ToLowerInvariant()}, {step.Phase.ToString().ToLowerInvariant()})");
                    foreach (var line in step.Notes.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                        terminal.Write($"    {line}");
                }
                terminal.Write(plan.Count == 0 ? "Nothing is pending." : $"{plan.Count} pending.");
            });
        return ExitCodes.Ok;
    }

    private static async Task<int> UpAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenAsync(invocation, cancellationToken);
        var migrator = gamekeeper.Get<Migrator>();
        var request = Request(arguments);
        IReadOnlyList<MigrationEvent.Applied> applied = [];
        var total = (await migrator.PlanAsync(request, cancellationToken)).Count;
        if (total > 0)
            await invocation.Terminal.WithStepsAsync(async steps => applied = await migrator.UpAsync(request, new MigrationReport(steps, total), cancellationToken));
        invocation.Terminal.Answer(
            applied,
            terminal =>
            {
                foreach (var one in applied)
                    terminal.Write($"{one.Schema}/{one.Name}  {one.Duration.TotalMilliseconds:0} ms{(one.Changed is { } rows ? $", {rows} rows" : "")}");
                terminal.Write(applied.Count == 0 ? "Nothing was pending." : $"{applied.Count} applied.");
            });
        return ExitCodes.Ok;
    }

    private static async Task<int> DownAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenAsync(invocation, cancellationToken);
        switch (await gamekeeper.Get<Migrator>().DownAsync(arguments.GetValue(Schema)!, arguments.GetValue(Steps), cancellationToken: cancellationToken))
        {
            case DownOutcome.TakenBack taken:
                invocation.Terminal.Answer(
                    taken.Names,
                    terminal => terminal.Write(taken.Names.Count == 0 ? "Nothing of that schema is applied." : $"Taken back: {string.Join(", ", taken.Names)}"));
                return ExitCodes.Ok;
            case DownOutcome.RefusedHere refused:
                throw new GamekeeperException(
                    "migrations.no-way-back",
                    $"Migrations are taken back in development and tests only, and this is {refused.Environment}: go forward with a new one, or restore a backup.");
            case DownOutcome.NoWayBack none:
                throw new GamekeeperException("migrations.no-way-back", $"{none.Schema}/{none.Name} has no down file here; what came after it was taken back.");
            default:
                throw new UnreachableException();
        }
    }

    private static async Task<int> StatusAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenAsync(invocation, cancellationToken);
        var status = await gamekeeper.Get<Migrator>().StatusAsync(cancellationToken);
        invocation.Terminal.Answer(status, terminal => Print(terminal, status));
        return ExitCodes.Ok;
    }

    private static async Task<int> ScriptAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenAsync(invocation, cancellationToken);
        var script = await gamekeeper.Get<Migrator>().ScriptAsync(Request(arguments), cancellationToken);
        invocation.Terminal.Answer(script, terminal => terminal.Write(script.TrimEnd()));
        return ExitCodes.Ok;
    }

    private static void Print(Terminal terminal, IReadOnlyList<MigrationStatus> status)
    {
        terminal.Table(
        [
            ["schema", "migration", "kind", "state", "applied", "took", "by"],
            .. status.Select(s => new[]
            {
                s.Schema, s.Name, s.Kind.ToString().ToLowerInvariant(), s.State.ToString().ToLowerInvariant(), s.AppliedAt is { } at ? $"{at:u}" : "",
                s.Duration is { } took ? $"{took.TotalMilliseconds:0} ms" : "", s.AppliedBy ?? "",
            }),
        ]);
        foreach (var failed in status.Where(s => s.Error is not null))
            terminal.Write($"{failed.Schema}/{failed.Name} stopped: {failed.Error}");
    }

    private static Task<OpenedGamekeeper> OpenAsync(Invocation invocation, CancellationToken cancellationToken) =>
        OpenedGamekeeper.OpenAsync(invocation, cancellationToken);

    private static UpRequest Request(ParseResult arguments) =>
        new(arguments.GetValue(Target), IncludeData: !arguments.GetValue(NoData), IncludeContracting: !arguments.GetValue(NoContracting));
}
