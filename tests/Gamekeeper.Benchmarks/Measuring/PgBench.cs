using System.Diagnostics;
using System.Globalization;
using Gamekeeper.EmbeddedPostgres;
using Npgsql;

namespace Gamekeeper.Benchmarks.Measuring;

/// <summary>The limit: pgbench with prepared statements, over the same socket and as the same role as our side.</summary>
internal sealed class PgBench
{
    private readonly PostgresInstallation _installation;
    private readonly NpgsqlConnectionStringBuilder _connection;

    /// <exception cref="GamekeeperException"><c>bench.no-pgbench</c>: the program does not stand beside the server's.</exception>
    public PgBench(PostgresInstallation installation, string connectionString)
    {
        (_installation, _connection) = (installation, new NpgsqlConnectionStringBuilder(connectionString));
        if (!File.Exists(PathOf("pgbench")))
            throw new GamekeeperException(
                "bench.no-pgbench",
                $"There is no pgbench in {installation.BinDirectory}. It comes with PostgreSQL's server package (Debian, Ubuntu: postgresql-{installation.Version.Major}; "
                    + "elsewhere often in a package called contrib). Install it there, or let GAMEKEEPER_POSTGRES_BIN name a folder that has it."
            );
    }

    /// <summary>Runs scripts, each a transaction of pgbench; one is drawn at random each time.</summary>
    /// <param name="load">Callers and time.</param>
    /// <param name="scripts">At most 128.</param>
    /// <param name="variables">Given to every caller.</param>
    /// <param name="fetch">Number of the script's command that only fetches prepared values: what it takes is taken off again; null for none.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <exception cref="InvalidOperationException">pgbench failed or aborted a client; the message holds what it said.</exception>
    public async Task<Run> RunAsync(
        Load load,
        IReadOnlyList<string> scripts,
        IEnumerable<KeyValuePair<string, string>> variables,
        bool fetch,
        CancellationToken cancellationToken
    )
    {
        var folder = Directory.CreateTempSubdirectory("gamekeeper-bench-").FullName;
        try
        {
            List<string> arguments =
            [
                "--no-vacuum", "--protocol=prepared", "--log", $"--log-prefix={folder}/log", "--report-per-command",
                $"--client={load.Clients}", $"--jobs={Math.Min(load.Clients, Environment.ProcessorCount)}",
                load.PerClient is { } most ? $"--transactions={most}" : $"--time={Math.Max(1, (int)Math.Ceiling(load.Duration.TotalSeconds))}",
                .. variables.Select(v => $"--define={v.Key}={v.Value}"),
            ];
            for (var i = 0; i < scripts.Count; i++)
            {
                var file = Path.Combine(folder, $"script{i}");
                await File.WriteAllTextAsync(file, scripts[i], cancellationToken);
                arguments.Add($"--file={file}");
            }
            var said = await ExecuteAsync("pgbench", arguments, input: null, cancellationToken);
            var run = Run.Of(Samples(Directory.EnumerateFiles(folder, "log*")), load.WarmUp);
            return fetch ? WithoutFetch(run, said, load.Clients) : run;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Runs a script of psql's own commands.</summary>
    public Task<string> PsqlAsync(string script, CancellationToken cancellationToken) =>
        ExecuteAsync("psql", ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--file=-"], script, cancellationToken);

    // Each line: client, transaction, latency in µs, script, seconds and microseconds of the clock at the end.
    internal static List<Sample> Samples(IEnumerable<string> logs)
    {
        var read = logs.SelectMany(File.ReadLines)
            .Select(line => line.Split(' '))
            .Select(f => (Took: Number(f[2]), End: Number(f[4]) * 1_000_000 + Number(f[5])))
            .ToList();
        if (read.Count == 0)
            throw new InvalidOperationException("pgbench logged no transaction.");
        var began = read.Min(r => r.End - r.Took);
        return [.. read.Select(r => new Sample(TimeSpan.FromMicroseconds(r.End - began), TimeSpan.FromMicroseconds(r.Took)))];
    }

    // The report names what each command took on average, in ms. Fetching values is no part of what is compared.
    internal static Run WithoutFetch(Run run, string report, int clients)
    {
        var line = report.Split('\n').FirstOrDefault(l => l.Contains("\\gset", StringComparison.Ordinal) || l.Contains("bench.", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"pgbench's report names no fetch:\n{report}");
        var fetch = TimeSpan.FromMilliseconds(double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture));
        var whole = clients / run.PerSecond;
        return run with
        {
            PerSecond = clients / (whole - fetch.TotalSeconds),
            P50 = run.P50 - fetch,
            P99 = run.P99 - fetch,
            P95 = run.P95 - fetch,
        };
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private string PathOf(string program) => Path.Combine(_installation.BinDirectory, program);

    private async Task<string> ExecuteAsync(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(PathOf(program), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = input is not null,
        };
        start.Environment["PGHOST"] = _connection.Host;
        start.Environment["PGPORT"] = _connection.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGDATABASE"] = _connection.Database;
        start.Environment["PGUSER"] = _connection.Username;
        start.Environment["PGPASSWORD"] = _connection.Password;
        if (_installation.LibDirectory is { } libraries)
            start.Environment["LD_LIBRARY_PATH"] = libraries;
        using var process = Process.Start(start)!;
        await using var killed = cancellationToken.UnsafeRegister(_ => process.Kill(), state: null);
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 && !(await errors).Contains("aborted", StringComparison.Ordinal)
            ? await output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}:\n{await errors}{await output}");
    }
}
