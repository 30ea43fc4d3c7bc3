using System.CommandLine;
using System.Data.Common;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Home;
using Gamekeeper.Cli.Supervision;
using Gamekeeper.EmbeddedPostgres;
using Gamekeeper.Migrations;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>status</c>: what runs here and how it does. It looks and starts nothing.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan HealthPatience = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var command = new Command("status", "Tell what runs: processes, versions, ports, pending migrations, health.");
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        var status = await LookAsync(invocation, cancellationToken);
        invocation.Terminal.Answer(
            status,
            terminal =>
            {
                terminal.Write(status.Running ? $"Gamekeeper {status.Version} runs (process {status.UpProcessId}, since {status.StartedAt:u})." : "Gamekeeper is not running.");
                terminal.Write($"  Server      {Describe(status.Server)}");
                terminal.Write($"  PostgreSQL  {Describe(status.Postgres)}");
                terminal.Write($"  Migrations  {Describe(status.Migrations)}");
            });
        return ExitCodes.Ok;
    }

    private static async Task<Status> LookAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var run = RunState.ReadLive(invocation.Home);
        var postgres = await EmbeddedPostgresServer.StatusAsync(invocation.Home.DatabaseFolder, cancellationToken);
        return new Status
        {
            Running = run is not null,
            Version = run?.Version ?? ForegroundUp.Version,
            Home = invocation.Home.Path,
            UpProcessId = run?.Up.Id,
            StartedAt = run?.StartedAt,
            Server = run is null ? null : new ServerStatus(run.Url, run.Server?.Id, await HealthAsync(run.Url, cancellationToken)),
            Migrations = await MigrationsAsync(invocation, postgres, cancellationToken),
            Postgres = new PostgresStatus(
                postgres.Running, postgres.Ready, postgres.ProcessId, postgres.Port, postgres.MajorVersion, postgres.DataDirectory),
        };
    }

    // Asked of what runs, by its own address: opening the private database the usual way would start one that does not.
    private static async Task<MigrationsStatus> MigrationsAsync(Invocation invocation, EmbeddedPostgresStatus postgres, CancellationToken cancellationToken)
    {
        if (DatabaseChoice.Of(invocation.Connection, Environment.GetEnvironmentVariable) is DatabaseChoice.Private && !postgres.Ready)
            return new MigrationsStatus(null, "no database runs");
        try
        {
            await using var gamekeeper = await OpenedGamekeeper.LookAsync(invocation, postgres, cancellationToken);
            return new MigrationsStatus((await gamekeeper.Get<Migrator>().PlanAsync(cancellationToken: cancellationToken)).Count, null);
        }
        // Whatever stands in the way is part of the status.
        catch (Exception failure) when (failure is DbException or GamekeeperException)
        {
            return new MigrationsStatus(null, failure.Message);
        }
    }

    private static async Task<string> HealthAsync(string url, CancellationToken cancellationToken)
    {
        using var client = Loopback.Client(HealthPatience);
        if (await ServerProcess.AnswersAsync(client, new Uri(url + "/health/ready"), cancellationToken))
            return "ready";
        return await ServerProcess.AnswersAsync(client, new Uri(url + "/health/live"), cancellationToken) ? "live, not ready" : "no answer";
    }

    private static string Describe(ServerStatus? server) =>
        server is null ? "not running" : $"{server.Health}, {server.Url}, process {server.ProcessId?.ToString() ?? "none (being started again)"}";

    private static string Describe(PostgresStatus postgres) =>
        postgres.Running
            ? $"version {postgres.MajorVersion}, {(postgres.Ready ? "ready" : "starting")}, port {postgres.Port}, process {postgres.ProcessId}"
            : postgres.MajorVersion is { } major
                ? $"not running; data of version {major} in {postgres.DataDirectory}"
                : "none yet";

    private static string Describe(MigrationsStatus migrations) =>
        migrations.Pending switch
        {
            null => $"not known: {migrations.Problem}",
            0 => "none pending",
            var n => $"{n} pending: ./gamekeeper migrate plan",
        };

    private sealed record Status
    {
        public required bool Running { get; init; }
        public required string Version { get; init; }
        public required string Home { get; init; }
        public int? UpProcessId { get; init; }
        public DateTimeOffset? StartedAt { get; init; }
        public ServerStatus? Server { get; init; }
        public required PostgresStatus Postgres { get; init; }

        public required MigrationsStatus Migrations { get; init; }
    }

    /// <summary>How many are pending, or why nobody knows.</summary>
    private sealed record MigrationsStatus(int? Pending, string? Problem);

    private sealed record ServerStatus(string Url, int? ProcessId, string Health);

    private sealed record PostgresStatus(bool Running, bool Ready, int? ProcessId, int? Port, int? MajorVersion, string DataDirectory);
}
