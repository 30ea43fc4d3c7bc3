using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Storage;

internal static class StorageRegistration
{
    public static void AddTo(IServiceCollection services)
    {
        services.AddOptions<StorageOptions>()
            .Configure<IServiceProvider>((options, provider) => provider.GetService<IConfiguration>()?.GetSection(StorageOptions.Section).Bind(options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsCheck>();
        services.AddSingleton<IObjectStore>(provider =>
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.Folder is { Length: > 0 } folder ? new FolderObjectStore(folder) : new MissingObjectStore());
    }

    private sealed class StorageOptionsCheck : IValidateOptions<StorageOptions>
    {
        public ValidateOptionsResult Validate(string? name, StorageOptions options)
        {
            var problems = options.Problems().ToList();
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
