using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Redis;

internal static class RedisRegistration
{
    /// <summary>Options and client. The client cannot be made where no connection string is set: ask the options first.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.AddOptions<RedisOptions>()
            .Configure<IServiceProvider>((options, provider) =>
            {
                var configuration = provider.GetService<IConfiguration>();
                configuration?.GetSection(RedisOptions.Section).Bind(options);
                options.ConnectionString ??= configuration?.GetConnectionString("Redis");
            })
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<RedisOptions>, RedisOptionsCheck>();
        services.AddSingleton(provider => new RedisClient(
            provider.GetRequiredService<IOptions<RedisOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RedisClient>>()
        ));
    }

    private sealed class RedisOptionsCheck : IValidateOptions<RedisOptions>
    {
        public ValidateOptionsResult Validate(string? name, RedisOptions options)
        {
            var problems = options.Problems().ToList();
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
