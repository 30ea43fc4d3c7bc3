using Gamekeeper.Cli.Home;

namespace Gamekeeper.Cli.Supervision;

/// <summary>Tells the person where everything is, and how to get in.</summary>
internal sealed class Announcement(Invocation invocation)
{
    public async Task TellAsync(RunState state, bool attached, CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var places = new Places(
            state.Url + "/v1", state.Url + "/docs", state.Url + "/openapi/v1.json", state.Url + "/health", state.Url + "/metrics",
            state.PostgresVersion, state.PostgresPort, invocation.Home.LogFolder);
        invocation.Terminal.Answer(
            places,
            terminal =>
            {
                terminal.Write($"Gamekeeper {state.Version} is serving.");
                terminal.Write("");
                terminal.Write($"  API       {places.Api}");
                terminal.Write($"  Docs      {places.Docs}");
                terminal.Write($"  Health    {places.Health}");
                terminal.Write($"  Metrics   {places.Metrics}");
                terminal.Write($"  Database  PostgreSQL {places.PostgresVersion} on port {places.PostgresPort}: ./gamekeeper psql");
                terminal.Write($"  Logs      {places.Logs}");
                terminal.Write("");
                terminal.Write(attached ? "Stop it with ./gamekeeper down." : "Ctrl-C stops it.");
            });
    }

    private sealed record Places(
        string Api, string Docs, string OpenApi, string Health, string Metrics, string PostgresVersion, int PostgresPort, string Logs);
}
