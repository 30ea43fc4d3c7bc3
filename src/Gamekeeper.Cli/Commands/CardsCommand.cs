using System.CommandLine;
using System.Diagnostics;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Output;
using Gamekeeper.SummonersGrid.Cards.Import;
using Gamekeeper.Transactions;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>cards import</c>: a studio's own card set, whole or not at all.</summary>
internal static class CardsCommand
{
    private static readonly Argument<string> File = new("file") { Description = "A JSON array or JSON lines of card templates; - reads standard input." };
    private static readonly Option<bool> KeepUnknown = new("--keep-unknown") { Description = "Keep members that no template has under its attributes instead of refusing the file." };

    public static Command Create()
    {
        var import = new Command("import", "Insert or update card templates by id, in one transaction; the same file again changes nothing.") { File, KeepUnknown };
        import.SetAction(Invocation.Of(ImportAsync));
        return new Command("cards", "Card templates of Summoner's Grid.") { import };
    }

    private static async Task<int> ImportAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetValue(File)!;
        // Opened before the database is touched: a misspelt name should not start one.
        await using var file = await OpenAsync(name, cancellationToken);
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        ImportOutcome? outcome = null;
        await invocation.Terminal.WithStepsAsync(async steps =>
        {
            var step = steps.Begin("Importing");
            outcome = await gamekeeper.Get<ImportTemplates>().RunAsync(
                Actor.System(invocation.Clock), file, arguments.GetValue(KeepUnknown), new Templates(step), cancellationToken);
            step.End(outcome is ImportOutcome.Imported ? "done" : "refused");
        });
        switch (outcome)
        {
            case ImportOutcome.Imported imported:
                invocation.Terminal.Answer(
                    imported,
                    terminal => terminal.Write($"{imported.Inserted} inserted, {imported.Updated} updated, {imported.Unchanged} unchanged"));
                return ExitCodes.Ok;
            case ImportOutcome.Refused refused:
                // The refusal is this verb's answer to a program, and a sentence on standard error to a person.
                if (invocation.Terminal.IsJson)
                    invocation.Terminal.Answer(refused, _ => { });
                invocation.Terminal.Say($"{name}, line {refused.Line}: {refused.Member ?? "the record"} {refused.Problem}. Nothing was imported.");
                return ExitCodes.Refused;
            default:
                throw new UnreachableException();
        }
    }

    private static async Task<Stream> OpenAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            if (name != "-")
                return new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
            // A retried transaction reads the file again, so what comes through a pipe is laid down first.
            var copy = new FileStream(
                Path.GetTempFileName(),
                new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
            await Console.OpenStandardInput().CopyToAsync(copy, cancellationToken);
            copy.Position = 0;
            return copy;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new GamekeeperException("usage.invalid", $"{name} cannot be read: {failure.Message}", failure);
        }
    }

    private sealed class Templates(IStep step) : IProgress<int>
    {
        public void Report(int value) => step.Advance(value, null);
    }
}
