namespace Gamekeeper.Server.Endpoints;

/// <summary>The core and the games of this server.</summary>
internal static class Games
{
    public static void Add(WebApplicationBuilder builder) =>
        builder
            .Services.AddGamekeeper(database =>
            {
                builder.Configuration.GetSection("Gamekeeper:Database").Bind(database);
                database.ConnectionString = builder.Configuration.GetConnectionString("Postgres");
            })
            .AddSummonersGrid()
            .AddOperations()
            .AddCache()
            .AddJobScheduler();
}
