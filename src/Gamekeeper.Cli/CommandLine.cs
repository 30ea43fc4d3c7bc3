using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using Gamekeeper.Cli.Commands;
using Gamekeeper.Cli.Commands.Db;
using Gamekeeper.Cli.Commands.Migrate;
using Gamekeeper.Cli.Commands.Provision;

namespace Gamekeeper.Cli;

/// <summary>All verbs, and the way from arguments to an exit code.</summary>
internal static class CommandLine
{
    public static Command Create()
    {
        // Not a RootCommand: that one is named after the assembly, and people type the name of the script.
        var root = new Command("gamekeeper", "Gamekeeper, a data layer for games: run it, look after it, prove what it promises.");
        root.Add(new HelpOption());
        root.Add(new VersionOption());
        root.Add(GlobalOptions.Format);
        root.Add(GlobalOptions.Connection);
        root.Add(UpCommand.Create());
        root.Add(DownCommand.Create());
        root.Add(StatusCommand.Create());
        root.Add(DemoCommand.Create());
        root.Add(ProveCommand.Create());
        root.Add(MigrateCommand.Create());
        root.Add(SeedCommand.Create());
        root.Add(VerifyCommand.Create());
        root.Add(CardsCommand.Create());
        root.Add(CardCommand.Create());
        root.Add(ImportCommand.Create());
        root.Add(AccountCommand.Create());
        root.Add(KeysCommand.Create());
        root.Add(DbCommand.Create());
        root.Add(CacheCommand.Create());
        root.Add(CheckpointCommand.Create());
        root.Add(ConfigCommand.Create());
        root.Add(PsqlCommand.Create());
        root.Add(ProvisionCommand.Create());
        return root;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        // By itself the library would take @FILE for a file of arguments; here it is a file with a connection string.
        var parsed = Create().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        // Handled here and not by the library: it would end the process two seconds after Ctrl-C, and a database takes what it takes.
        var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        if (parsed.Errors.Count > 0)
        {
            await parsed.InvokeAsync(configuration);
            return ExitCodes.Usage;
        }

        using var interrupted = new CancellationTokenSource();
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        using var onHangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt);
        return await parsed.InvokeAsync(configuration, interrupted.Token);

        void Interrupt(PosixSignalContext signal)
        {
            // The second one is meant: then the process ends as signals end one.
            if (interrupted.IsCancellationRequested)
                return;
            signal.Cancel = true;
            interrupted.Cancel();
        }
    }
}
