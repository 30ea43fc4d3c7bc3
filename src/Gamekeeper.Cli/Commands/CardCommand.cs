using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gamekeeper.Cli.Commands.Incidents;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Output;
using Gamekeeper.SummonersGrid.Ownership;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>card history</c>: where a card comes from, whose it was, and whether all of it can be believed.</summary>
internal static class CardCommand
{
    // The form others verify: its spelling is published and is not this command's own.
    private static readonly JsonSerializerOptions ExportForm = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Argument<Guid> Id = new("id") { Description = "The card's id." };

    public static Command Create()
    {
        var history = new Command("history", "Print a card's ownership chain and check it; --format json is the export that anyone can verify.") { Id };
        history.SetAction(Invocation.Of(HistoryAsync));
        return new Command("card", "Owned cards of Summoner's Grid: where they come from, and what to do when something bad has happened.")
        {
            history, LineageCommand.Create(), CompensateCommand.Create(), FreezeCommand.Create(), UnfreezeCommand.Create(),
        };
    }

    private static async Task<int> HistoryAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var id = arguments.GetValue(Id);
        if (await gamekeeper.Get<OwnershipHistory>().VerifyAsync(id, cancellationToken) is not { } found)
            throw new GamekeeperException("cards.unknown", $"There is no card {id}.");

        var terminal = invocation.Terminal;
        if (terminal.IsJson)
            terminal.Write(JsonSerializer.Serialize(OwnershipExport.Of(found.History), ExportForm));
        else
            Print(terminal, found.History, found.Verdict);
        if (found.Verdict is not CardVerdict.Broken broken)
            return ExitCodes.Ok;
        terminal.Say($"{broken.First.Table} {broken.First.Key}: {broken.First.Finding}");
        return ExitCodes.CheckFailed;
    }

    private static void Print(Terminal terminal, CardHistory history, CardVerdict verdict)
    {
        terminal.Write($"Card {history.Card.Id}, a copy of {history.Card.TemplateId}, owned by {history.Card.OwnerId}.");
        terminal.Write("");
        terminal.Table(
        [
            ["#", "when", "how", "from", "to", "hash", "signed by"],
            .. history.Events.Select(e => new[]
            {
                $"{e.Position}", $"{e.CreatedAt:u}", e.Method, e.PreviousOwnerId?.ToString() ?? "(nobody)", $"{e.NewOwnerId}",
                Convert.ToHexStringLower(e.Signature.Hash)[..16] + "…", history.Operations.GetValueOrDefault(e.OperationId)?.KeyId ?? "(missing)",
            }),
        ]);
        terminal.Write("");
        terminal.Write(verdict is CardVerdict.Intact intact
            ? $"Intact: {intact.Events} {(intact.Events == 1 ? "event" : "events")}, unbroken from the first to the card as it is, every signature good."
            : "BROKEN: this history cannot be believed.");
    }
}
