using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Server.Authentication;

/// <summary>Access tokens, service keys, and who may do what with them.</summary>
internal static class Credentials
{
    public static void Add(IServiceCollection services)
    {
        // The framework's scheme is here for its protector alone; ours answers.
        services
            .AddAuthentication(CallerIdentity.Scheme)
            .AddScheme<AuthenticationSchemeOptions, CallerAuthentication>(CallerIdentity.Scheme, configureOptions: null)
            .AddBearerToken(BearerTokenDefaults.AuthenticationScheme);
        services.AddAuthorization(Policies.Add);
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<KeyRing>();
        // One name on every node, whatever folder it runs from: the name is part of what a token is sealed under.
        services.AddDataProtection().SetApplicationName("gamekeeper");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(s => new ConfigureOptions<KeyManagementOptions>(o =>
            o.XmlRepository = s.GetRequiredService<KeyRing>()
        ));
    }
}
