using System.CommandLine;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Output;
using Gamekeeper.Operations.Monitoring;

namespace Gamekeeper.Cli.Commands.Db;

/// <summary><c>db indexes</c>: which are missing, which superfluous.</summary>
internal static class IndexesCommand
{
    public static Command Create()
    {
        var command = new Command("indexes", "Missing, unused, duplicate, prefix and invalid indexes, each with reason and remedy. Exit code 1 when there is one.");
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var advice = await gamekeeper.Get<OptimizeIndexes>().RunAsync(cancellationToken);
        invocation.Terminal.Answer(advice, terminal => Print(terminal, advice));
        return advice.Findings.Count == 0 ? ExitCodes.Ok : ExitCodes.CheckFailed;
    }

    private static void Print(Terminal terminal, IndexAdvice advice)
    {
        foreach (var finding in advice.Findings)
        {
            var size = finding.EstimatedBytes is { } bytes ? $", about {Bytes.Show(bytes)}" : "";
            terminal.Write($"{finding.Check}: {finding.Schema}.{finding.Index ?? finding.Table}{size} (told from: {finding.Threshold})");
            terminal.Write($"    {finding.Reason}");
            foreach (var line in finding.Ddl?.Split('\n') ?? [])
                terminal.Write($"    {line}");
        }
        foreach (var kept in advice.Kept)
            terminal.Write($"kept: {kept.Schema}.{kept.Index}, though a {kept.Check}: {kept.Why}");
        foreach (var left in advice.NotJudged)
            terminal.Write($"not judged: {left.Check}{(left.Index is { } index ? $" {index}" : "")}: {left.Why}");
        terminal.Write(advice.Findings.Count == 0 ? "No finding." : $"{advice.Findings.Count} findings.");
    }
}
