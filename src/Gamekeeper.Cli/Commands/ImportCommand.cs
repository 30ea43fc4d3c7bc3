using System.CommandLine;
using System.Diagnostics;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Output;
using Gamekeeper.Importing;
using Gamekeeper.SummonersGrid;
using Gamekeeper.SummonersGrid.Ownership.Import;
using Gamekeeper.SummonersGrid.Players.Import;
using Gamekeeper.Transactions;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>import</c>: what a studio has already, players and their cards; ended anywhere and started again it goes on.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string> File = new("file") { Description = "JSON lines, a record a line, plain or gzipped." };
    private static readonly Option<string?> Name = new("--name") { Description = "A label for this import, 1 to 50 of a-z, 0-9, _ and -; the same label and file go on where they ended. Default: one made of the file's hash." };
    private static readonly Option<string> Game = new("--game") { Description = "Whose data it is.", DefaultValueFactory = _ => "summoners-grid" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Check every record and write nothing." };
    private static readonly Option<string?> Rejects = new("--rejects") { Description = "Write every refused record, without its values, to this file as JSON lines." };
    private static readonly Option<int> MaxErrors = new("--max-errors") { Description = "Stop when more records than this are refused.", DefaultValueFactory = _ => ImportRequest.DefaultMaxRefused };

    public static Command Create()
    {
        Game.AcceptOnlyFromAmong("summoners-grid");
        MaxErrors.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 1_000_000)
                result.AddError("--max-errors takes 0 to 1000000.");
        });
        var players = new Command("players", "Import players: accounts, the game's numbers, and password hashes as the other system made them.") { File, Name, Game, DryRun, Rejects, MaxErrors };
        players.SetAction(Invocation.Of((i, a, ct) => ImportAsync<ImportPlayers>(i, a, ct)));
        var cards = new Command("cards", "Import owned cards; each gets a signed history that begins with its import. Import the players first.") { File, Name, Game, DryRun, Rejects, MaxErrors };
        cards.SetAction(Invocation.Of((i, a, ct) => ImportAsync<ImportCards>(i, a, ct)));
        var status = new Command("status", "Every import that was begun, and how far it got.");
        status.SetAction(Invocation.Of(StatusAsync));
        return new Command("import", "Move a studio's players and cards in, from files.") { players, cards, status };
    }

    private static async Task<int> ImportAsync<TImport>(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
        where TImport : Importer
    {
        // Opened before the database is touched: a misspelt name should not start one.
        var path = arguments.GetValue(File)!;
        var file = await OpenAsync(path, cancellationToken);
        var name = NameOf(arguments, file);
        if (arguments.GetValue(Rejects) is { } report && Path.GetFullPath(report) == Path.GetFullPath(path))
            throw new GamekeeperException("usage.invalid", "--rejects names the file that is imported; what it held would be lost.");
        await using var rejects = RejectsFile.Open(arguments.GetValue(Rejects));
        var isDry = arguments.GetValue(DryRun);
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var import = gamekeeper.Get<TImport>();
        ImportOutcome? outcome = null;
        await invocation.Terminal.WithStepsAsync(async steps =>
        {
            var step = steps.Begin(isDry ? $"Checking {name}" : $"Importing {name}");
            var (actor, request) = (Actor.System(invocation.Clock), new ImportRequest(name, arguments.GetValue(MaxErrors)));
            outcome = isDry
                ? await import.CheckAsync(actor, file, request, new Lines(step), cancellationToken)
                : await import.RunAsync(actor, file, request, new Lines(step), cancellationToken);
            step.End(outcome is ImportOutcome.TooManyRefused or ImportOutcome.Checked { IsWhole: false } ? "stopped" : "done");
        });
        var answer = ImportReport.Of(name.Value, outcome ?? throw new UnreachableException());
        if (!isDry)
            await foreach (var refusal in import.RefusalsAsync(name, cancellationToken))
                await rejects.WriteAsync(refusal);
        foreach (var refusal in answer.Refusals)
            await rejects.WriteAsync(refusal);
        answer.Print(invocation.Terminal, rejects.First, path);
        return answer.ExitCode;
    }

    private static async Task<int> StatusAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var imports = await gamekeeper.Get<ImportBook<SummonersGridModule>>().ListAsync(cancellationToken);
        invocation.Terminal.Answer(
            imports.Select(i => new { i.Kind, i.Name, file_sha256 = Convert.ToHexStringLower(i.FileHash), i.Lines, i.Taken, i.Refused, i.StartedAt, i.FinishedAt }),
            terminal => terminal.Table(
            [
                ["kind", "name", "lines", "imported", "refused", "begun", "finished"],
                .. imports.Select(i => new[]
                {
                    i.Kind, i.Name, $"{i.Lines}", $"{i.Taken}", $"{i.Refused}", $"{i.StartedAt:u}", i.FinishedAt is { } end ? $"{end:u}" : "no: start it again",
                }),
            ]));
        return ExitCodes.Ok;
    }

    private static ImportName NameOf(ParseResult arguments, ImportFile file) =>
        arguments.GetValue(Name) is not { } given ? ImportName.Of(file)
        : ImportName.TryParse(given, out var name) ? name
        : throw new GamekeeperException("usage.invalid", "--name takes 1 to 50 of a-z, 0-9, _ and -, beginning with a letter or digit.");

    private static async Task<ImportFile> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (path == "-")
            throw new GamekeeperException("usage.invalid", "An import is read twice and may be started again, so it takes a file and not standard input.");
        try
        {
            return await ImportFile.OpenAsync(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true), cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new GamekeeperException("usage.invalid", $"{path} cannot be read: {failure.Message}", failure);
        }
    }

    private sealed class Lines(IStep step) : IProgress<long>
    {
        public void Report(long value) => step.Advance(value, null);
    }
}
