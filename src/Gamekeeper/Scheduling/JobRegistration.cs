using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Scheduling;

internal static class JobRegistration
{
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<JobBoard>();
        services.AddOptions<JobSchedulerOptions>()
            .Configure<IServiceProvider>((options, provider) => provider.GetService<IConfiguration>()?.GetSection("Gamekeeper:Jobs").Bind(options));
    }
}
