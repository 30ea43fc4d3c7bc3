using System.Diagnostics;
using Gamekeeper.Cli.Output;
using Gamekeeper.Importing;

namespace Gamekeeper.Cli.Commands;

/// <summary>What an import answers.</summary>
/// <param name="Import">Its label.</param>
/// <param name="Outcome">imported, unchanged, stopped or checked.</param>
/// <param name="Lines">Lines that are done, or were checked.</param>
/// <param name="Taken">Records that were imported, or would be.</param>
/// <param name="Refused">Records that were refused, or would be.</param>
internal sealed record ImportReport(string Import, string Outcome, long Lines, long Taken, long Refused)
{
    /// <summary>Those that stand in no book: of a rehearsal, or of the chunk at which it stopped.</summary>
    internal IReadOnlyList<ImportRefusal> Refusals { get; private init; } = [];

    internal int ExitCode { get; private init; }

    public static ImportReport Of(string name, ImportOutcome outcome) =>
        outcome switch
        {
            ImportOutcome.Finished done => new(name, done.WasFinished ? "unchanged" : "imported", done.State.Lines, done.State.Taken, done.State.Refused)
            {
                ExitCode = done.State.Refused == 0 ? ExitCodes.Ok : ExitCodes.CheckFailed,
            },
            ImportOutcome.TooManyRefused stopped => new(name, "stopped", stopped.State.Lines, stopped.State.Taken, stopped.State.Refused)
            {
                Refusals = stopped.Refusals,
                ExitCode = ExitCodes.Refused,
            },
            ImportOutcome.Checked seen => new(name, seen.IsWhole ? "checked" : "stopped", seen.Lines, seen.Good, seen.Refused)
            {
                Refusals = seen.Refusals,
                ExitCode = !seen.IsWhole ? ExitCodes.Refused : seen.Refused == 0 ? ExitCodes.Ok : ExitCodes.CheckFailed,
            },
            _ => throw new UnreachableException(),
        };

    public void Print(Terminal terminal, IReadOnlyList<ImportRefusal> first, string path)
    {
        terminal.Answer(this, t => t.Write($"{Sentence} {Taken} records {(IsRehearsal ? "fit" : "imported")}, {Refused} refused, {Lines} lines."));
        foreach (var refusal in first)
            terminal.Say($"{path}, line {refusal.Line}: {refusal.Member ?? "the record"} {refusal.Problem}{(refusal.Shape is { } shape ? $"; it is {shape}" : "")}");
        if (Outcome == "stopped")
            terminal.Say("Stopped: more records are refused than --max-errors allows. What was imported before stays; the same command goes on from there.");
        else if (Refused > first.Count)
            terminal.Say($"… and more; --rejects FILE writes all {Refused}.");
    }

    private bool IsRehearsal => Outcome == "checked";

    private string Sentence =>
        Outcome switch
        {
            "unchanged" => "Finished before, nothing changed:",
            "checked" => "Checked, nothing written:",
            "stopped" => "Stopped:",
            _ => "Done:",
        };
}
