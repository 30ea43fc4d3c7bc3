using Gamekeeper.Cli.Databases;

namespace Gamekeeper.Cli.Supervision;

/// <summary>The server's configuration, as environment variables. It gets the application's role and never the owner's.</summary>
internal static class ServerEnvironment
{
    public static IReadOnlyDictionary<string, string> Of(PrivateDatabase database, string url)
    {
        var settings = database.Settings();
        return new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = url,
            ["DOTNET_ENVIRONMENT"] = settings["DOTNET_ENVIRONMENT"]!,
            [ReachedDatabase.ApplicationVariable] = settings["ConnectionStrings:Postgres"]!,
            ["Gamekeeper__MasterKey"] = settings["Gamekeeper:MasterKey"]!,
            ["Gamekeeper__Storage__Folder"] = settings["Gamekeeper:Storage:Folder"]!,
        };
    }
}
