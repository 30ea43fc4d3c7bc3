using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Home;
using Gamekeeper.Cli.Output;

namespace Gamekeeper.Cli.Supervision;

/// <summary>Tells the person where everything is, and how to get in.</summary>
internal sealed class Announcement(Invocation invocation)
{
    /// <param name="state">What runs.</param>
    /// <param name="held">The database, where this process runs it; null where another one does.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task TellAsync(RunState state, PrivateDatabase? held, CancellationToken cancellationToken)
    {
        var code = await OperatorCodes.MakeAsync(invocation, held, cancellationToken);
        var places = new Places
        {
            Api = state.Url + "/v1",
            Docs = state.Url + "/docs",
            OpenApi = state.Url + "/openapi/v1.json",
            Health = state.Url + "/health/ready",
            Metrics = state.Url + "/metrics",
            PostgresVersion = state.PostgresVersion,
            PostgresPort = state.PostgresPort,
            Logs = invocation.Home.LogFolder,
            OperatorCode = code.Code,
            OperatorCodeExpiresAt = code.ExpiresAt,
        };
        invocation.Terminal.Answer(places, terminal => Print(terminal, state, places, attached: held is null));
    }

    private static void Print(Terminal terminal, RunState state, Places places, bool attached)
    {
        terminal.Write(
            $$"""
            Gamekeeper {{state.Version}} is serving.

              API       {{places.Api}}
              Docs      {{places.Docs}}
              Health    {{places.Health}}
              Metrics   {{places.Metrics}}
              Database  PostgreSQL {{places.PostgresVersion}} on port {{places.PostgresPort}}: ./gamekeeper psql
              Logs      {{places.Logs}}

            Sign in as operator, once, before {{places.OperatorCodeExpiresAt:HH:mm}} UTC:
              curl -s {{places.Api}}/sessions -H 'content-type: application/json' -d '{"code":"{{places.OperatorCode}}"}'

            {{(attached ? "Stop it with ./gamekeeper down." : "Ctrl-C stops it.")}}
            """);
    }

    private sealed record Places
    {
        public required string Api { get; init; }
        public required string Docs { get; init; }
        public required string OpenApi { get; init; }
        public required string Health { get; init; }
        public required string Metrics { get; init; }
        public required string PostgresVersion { get; init; }
        public required int PostgresPort { get; init; }
        public required string Logs { get; init; }
        public required string OperatorCode { get; init; }
        public required DateTimeOffset OperatorCodeExpiresAt { get; init; }
    }
}
