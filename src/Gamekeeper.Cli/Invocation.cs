using System.CommandLine;
using System.Data.Common;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Home;
using Gamekeeper.Cli.Output;
using Gamekeeper.EmbeddedPostgres;

namespace Gamekeeper.Cli;

/// <summary>What a verb is given to work with.</summary>
internal sealed record Invocation(Terminal Terminal, GamekeeperHome Home, string? Connection, TimeProvider Clock)
{
    public delegate Task<int> Verb(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken);

    /// <summary>Runs a verb and turns what goes wrong into a sentence on standard error and an exit code.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Of(Verb verb) =>
        async (arguments, cancellationToken) =>
        {
            var terminal = Terminal.OfProcess(arguments.GetValue(GlobalOptions.Format));
            var invocation = new Invocation(terminal, GamekeeperHome.Locate(), arguments.GetValue(GlobalOptions.Connection), TimeProvider.System);
            try
            {
                return await verb(invocation, arguments, cancellationToken);
            }
            catch (Exception failure)
            {
                return invocation.Explain(failure, cancellationToken);
            }
        };

    // The edge of the process: whatever gets here is told once, and nothing is behind it to tell.
    private int Explain(Exception failure, CancellationToken cancellationToken)
    {
        switch (failure)
        {
            case OperationCanceledException when cancellationToken.IsCancellationRequested:
                Terminal.Say("Interrupted.");
                return ExitCodes.Interrupted;
            case GamekeeperException known:
                Terminal.Say($"gamekeeper: {known.Message} ({known.Code})");
                return CodeOf(known.Code);
            case EmbeddedPostgresException postgres:
                Terminal.Say($"gamekeeper: {postgres.Message} ({postgres.Code})");
                return ExitCodes.Unavailable;
            case DbException or HttpRequestException:
                Terminal.Say($"gamekeeper: {Told(failure)}");
                return ExitCodes.Unavailable;
            case UnauthorizedAccessException:
                Terminal.Say($"gamekeeper: {failure.Message} It may belong to another user: run the command as that user, or name another folder in {GamekeeperHome.Variable}.");
                return ExitCodes.Unavailable;
            default:
                Terminal.Say($"gamekeeper: this is a defect of Gamekeeper; please report it with what stands below.\n{failure}");
                return ExitCodes.Defect;
        }
    }

    /// <summary>For verbs that run a private database: a named one is refused rather than passed over in silence.</summary>
    /// <exception cref="GamekeeperException"><c>configuration.invalid</c>: another database was named.</exception>
    public void RefuseNamedDatabase()
    {
        if (DatabaseChoice.Of(Connection, Environment.GetEnvironmentVariable) is not DatabaseChoice.Private)
            throw new GamekeeperException(
                "configuration.invalid",
                $"This verb runs a private database, and {(Connection is null ? ReachedDatabase.ApplicationVariable : "--connection")} names another. "
                + "Leave that out, or start the server on your database yourself: see docs/operating/install.md.");
    }

    /// <summary>The family of a published code decides how the process ends.</summary>
    internal static int CodeOf(string code) =>
        code switch
        {
            "configuration.invalid" or "configuration.missing" or "usage.invalid" => ExitCodes.Usage,
            "transactions.unavailable" or "transactions.outcome-unknown" => ExitCodes.Unavailable,
            _ when code.EndsWith(".unavailable", StringComparison.Ordinal) => ExitCodes.Unavailable,
            _ => ExitCodes.Refused,
        };

    // A driver says that it failed, and its inner exception why.
    private static string Told(Exception failure) =>
        failure.InnerException is { } inner && !failure.Message.Contains(inner.Message, StringComparison.Ordinal)
            ? $"{failure.Message}: {Told(inner)}"
            : failure.Message;
}
