using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Integrity.Checkpoints;

internal static class CheckpointRegistration
{
    public static void AddTo(IServiceCollection services)
    {
        services.AddOptions<CheckpointOptions>()
            .Configure<IServiceProvider>((options, provider) => provider.GetService<IConfiguration>()?.GetSection(CheckpointOptions.Section).Bind(options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<CheckpointOptions>, CheckpointOptionsCheck>();
        services.AddSingleton<CheckpointRepository>();
        services.AddSingleton<MakeCheckpoint>();
        services.AddSingleton<CheckChain>();
        services.AddSingleton<CheckRows>();
    }

    private sealed class CheckpointOptionsCheck : IValidateOptions<CheckpointOptions>
    {
        public ValidateOptionsResult Validate(string? name, CheckpointOptions options)
        {
            var problems = options.Problems().ToList();
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
