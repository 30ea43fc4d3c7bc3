using System.CommandLine;

namespace Gamekeeper.Cli.Commands.Db;

/// <summary><c>db</c>: reports on the database, for when it is slow or large. They change nothing.</summary>
internal static class DbCommand
{
    public static Command Create() =>
        new("db", "What is slow in the database, what is large, and which indexes are missing or superfluous. Changes nothing.")
        {
            SlowCommand.Create(),
            SizesCommand.Create(),
            ColumnsCommand.Create(),
            IndexesCommand.Create(),
        };
}
