namespace Gamekeeper.Cli;

/// <summary>How the command ends, for scripts and schedulers; published in docs/reference/cli.md.</summary>
internal static class ExitCodes
{
    /// <summary>Done as asked.</summary>
    public const int Ok = 0;

    /// <summary>The command ran to its end and found something wrong: a promise is broken, a test failed.</summary>
    public const int CheckFailed = 1;

    /// <summary>The command line or the configuration makes no sense; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>Something needed is out of reach: PostgreSQL, the server, a port.</summary>
    public const int Unavailable = 3;

    /// <summary>Understood and refused, nothing changed: a bad file, an unknown card, a migration that was edited.</summary>
    public const int Refused = 4;

    /// <summary>A defect of Gamekeeper; the trace on stderr belongs into a report.</summary>
    public const int Defect = 70;

    /// <summary>Ended by Ctrl-C or SIGTERM before it was done.</summary>
    public const int Interrupted = 130;
}
