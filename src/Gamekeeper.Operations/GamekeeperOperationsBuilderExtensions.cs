using Gamekeeper;
using Gamekeeper.Operations.Monitoring;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what keeps Gamekeeper alive.</summary>
public static class GamekeeperOperationsBuilderExtensions
{
    /// <summary>Adds the reports on the database, over the core and every game of this process.</summary>
    public static GamekeeperBuilder AddOperations(this GamekeeperBuilder builder)
    {
        var services = builder.Services;
        services
            .AddOptions<MonitoringOptions>()
            .Configure<IServiceProvider>((o, s) => s.GetService<IConfiguration>()?.GetSection(MonitoringOptions.Section).Bind(o))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<MonitoringOptions>, MonitoringOptionsCheck>();
        services.AddSingleton<AnalyzeSlowQueries>();
        services.AddSingleton<GetTableSizes>();
        services.AddSingleton<GetColumnStatistics>();
        services.AddSingleton<OptimizeIndexes>();
        services.AddSingleton<StatisticsHealth>();
        return builder;
    }
}
