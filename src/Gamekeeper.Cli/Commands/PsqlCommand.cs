using System.CommandLine;
using System.Globalization;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Supervision;
using Gamekeeper.EmbeddedPostgres;
using Npgsql;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>psql</c>: PostgreSQL's own terminal, already signed in.</summary>
internal static class PsqlCommand
{
    private static readonly Option<DatabaseRole> Role = new("--role")
    {
        Description = "In whose name: app as the server does, owner, readonly, auditor, superuser (private database only).",
        DefaultValueFactory = _ => DatabaseRole.App,
    };

    private static readonly Argument<string[]> Rest = new("arguments") { Description = "Handed on to psql, after --.", Arity = ArgumentArity.ZeroOrMore };

    public static Command Create()
    {
        var command = new Command("psql", "Open psql on the database: ./gamekeeper psql --role readonly -- -c 'select 1'") { Role, Rest };
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var database = await ReachedDatabase.OpenAsync(invocation, cancellationToken);
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString(arguments.GetValue(Role)));
        // The password travels by environment: an argument could be read by every user of the machine.
        var environment = new Dictionary<string, string?>
        {
            ["PGHOST"] = address.Host,
            ["PGPORT"] = address.Port.ToString(CultureInfo.InvariantCulture),
            ["PGDATABASE"] = address.Database,
            ["PGUSER"] = address.Username,
            ["PGPASSWORD"] = address.Password,
            ["PGAPPNAME"] = "gamekeeper psql",
            ["PGSSLMODE"] = Named(address.SslMode),
        };
        (string Name, string? File)[] certificates =
            [("PGSSLROOTCERT", address.RootCertificate), ("PGSSLCERT", address.SslCertificate), ("PGSSLKEY", address.SslKey)];
        // One that is not named stays as the environment says, for the driver reads the same variables.
        foreach (var (name, file) in certificates.Where(c => c.File is not null))
            environment[name] = file;
        var installation = await PostgresInstallation.FindAsync(cancellationToken: cancellationToken);
        if (installation.LibDirectory is { } libraries)
            environment["LD_LIBRARY_PATH"] = $"{libraries}:{Environment.GetEnvironmentVariable("LD_LIBRARY_PATH")}".TrimEnd(':');
        var beside = Path.Combine(installation.BinDirectory, "psql");
        return await TerminalProcess.RunAsync(File.Exists(beside) ? beside : "psql", arguments.GetValue(Rest) ?? [], environment);
    }

    // A connection that the text wants encrypted or checked must not become a plain one because another program opens it.
    private static string Named(SslMode mode) =>
        mode switch
        {
            SslMode.VerifyCA => "verify-ca",
            SslMode.VerifyFull => "verify-full",
            _ => mode.ToString().ToLowerInvariant(),
        };
}
