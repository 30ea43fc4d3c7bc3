using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Migrations;

internal static class MigrationRegistration
{
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<Migrator>();
        services.AddOptions<MigrationOptions>()
            .Configure<IServiceProvider>(
                (options, provider) =>
                {
                    var configuration = provider.GetService<IConfiguration>();
                    options.ConnectionString ??= configuration?.GetConnectionString("PostgresOwner");
                    configuration?.GetSection("Gamekeeper:Migrations").Bind(options);
                }
            );
    }
}
