using Gamekeeper.Cli.Databases;

namespace Gamekeeper.Cli.Supervision;

/// <summary>The server's configuration, as environment variables.</summary>
internal static class ServerEnvironment
{
    public static IReadOnlyDictionary<string, string> Of(PrivateDatabase database, string url) =>
        new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = url,
            ["DOTNET_ENVIRONMENT"] = Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? "Development",
            [ReachedDatabase.ApplicationVariable] = database.ConnectionString(DatabaseRole.App),
        };
}
