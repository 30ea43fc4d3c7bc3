using Gamekeeper.Accounts.Import;
using Gamekeeper.Batching;
using Gamekeeper.Importing;
using Gamekeeper.Integrity;
using Gamekeeper.Privacy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Accounts;

/// <summary>Accounts, their secrets and the keys, as the host gets them.</summary>
internal static class AccountsRegistration
{
    public static void AddTo(IServiceCollection services)
    {
        // From the host's configuration when it has one; what a host sets by Configure afterwards wins.
        services.AddOptions<MasterKeyOptions>().Configure<IServiceProvider>((o, s) => Bind(s, MasterKeyOptions.Section, o));
        services.AddOptions<AccountOptions>().Configure<IServiceProvider>((o, s) => Bind(s, AccountOptions.Section, o)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccountOptions>, AccountOptionsCheck>();
        services.AddHostedService<MasterKeyCheck>();

        services.AddSingleton<MasterKeys>();
        services.AddSingleton<AccountSecrets>();
        services.AddSingleton<KeyRingStore>();
        services.AddSingleton<SigningKeyRing>();

        services.AddSingleton<Passwords>();
        services.AddSingleton<AccountRepository>();
        services.AddSingleton<AccountProjections>();
        services.AddSingleton<SignUp>();
        services.AddSingleton<UpdateProfile>();
        services.AddSingleton<ChangePassword>();
        services.AddSingleton<ResetPassword>();
        services.AddSingleton<FreezeAccount>();
        services.AddSingleton<UnfreezeAccount>();
        services.AddSingleton<GrantRole>();
        services.AddSingleton<KeyRotation>();
        services.AddSingleton<ImportBook<CoreSchema>>();
        services.AddSingleton<AccountImport>();

        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<IssueSession>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<RefreshSession>();
        services.AddWriteBehind<SessionUse>(
            SessionUse.WrittenBehind,
            use => use.Session.ToString("N"),
            (unit, uses, _) =>
            {
                unit.Enqueue(new NoteUses(uses));
                return Task.CompletedTask;
            }
        );
        services.AddSingleton<LoginSessions>();
        services.AddSingleton<OneTimeCodes>();
        services.AddSingleton<ServiceKeys>();
    }

    private static void Bind(IServiceProvider services, string section, object options) =>
        services.GetService<IConfiguration>()?.GetSection(section).Bind(options);
}
