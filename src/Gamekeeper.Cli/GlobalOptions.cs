using System.CommandLine;
using Gamekeeper.Cli.Output;

namespace Gamekeeper.Cli;

/// <summary>Options that every verb takes.</summary>
internal static class GlobalOptions
{
    public static Option<OutputFormat> Format { get; } = new("--format")
    {
        Description = "How answers are written: text for people (default), json for programs.",
        HelpName = "text|json",
        Recursive = true,
    };

    public static Option<string?> Connection { get; } = new("--connection")
    {
        Description = "Connection string of the database to work on, or @FILE that holds one: every user of the machine can read an argument. Default: ConnectionStrings__Postgres, else the private one.",
        HelpName = "text|@file",
        Recursive = true,
    };
}
