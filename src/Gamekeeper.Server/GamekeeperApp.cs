using System.Net;
using Gamekeeper.Privacy;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Endpoints;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.Health;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.RateLimiting;
using Gamekeeper.Server.Requests;
using Gamekeeper.Telemetry.Prometheus;
using Gamekeeper.Transactions;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Server;

/// <summary>Builds the server; the program and the tests run the same one.</summary>
internal static class GamekeeperApp
{
    /// <summary>Largest body of an ordinary operation, in bytes.</summary>
    public const long MaxBody = 1024 * 1024;

    /// <summary>Largest import, in bytes; it is read as it arrives and never held whole.</summary>
    public const long MaxImport = 64 * 1024 * 1024;

    /// <summary>The application, ready to run. Nothing has touched the database yet.</summary>
    /// <param name="args">Command line, such as <c>--urls http://127.0.0.1:5080</c>.</param>
    /// <param name="configure">Last word on configuration and services; tests put their database here.</param>
    /// <exception cref="GamekeeperException"><c>configuration.invalid</c>: something is missing or out of range; the message names it.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        // Configuration is the environment and the command line: no file in the folder of the program holds a secret or overrides one.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddEnvironmentVariables().AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables("DOTNET_").AddCommandLine(args);
        configure?.Invoke(builder);

        Logs.Configure(builder);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        AddOptions(builder);
        Games.Add(builder);

        Credentials.Add(builder.Services);
        // By hand: the container would hand the other constructor an empty list of meters.
        builder.Services.AddSingleton(_ => new PrometheusText());
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddSingleton<JobHealth>();
        builder.Services.AddSingleton<CheckpointHealth>();
        builder.Services.AddSingleton<CacheHealth>();
        builder.Services.AddHostedService<StartGuard>();
        builder.Services.AddSingleton<MinuteWindows>();
        builder.Services.AddExceptionHandler<FailureHandler>();
        builder.Services.ConfigureHttpJsonOptions(json => WireJson.Configure(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(route => route.ThrowOnBadRequest = true);
        ApiDocument.Add(builder.Services);

        var app = builder.Build();
        // Whatever the environment lacks is told now, in one line, and not by the first request.
        app.Services.GetRequiredService<GameDatabase>();
        app.Services.GetRequiredService<MasterKeys>();
        // It counts from the moment it is made.
        app.Services.GetRequiredService<PrometheusText>();
        Pipeline(app);
        return app;
    }

    private static void Pipeline(WebApplication app)
    {
        app.UseMiddleware<RequestIdentity>();
        UseProxies(app);
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<CacheStatus>();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = static _ => Task.CompletedTask, AllowStatusCode404Response = true });
        app.UseStatusCodePages(page => BadRequests.OfStatus(page.HttpContext.Response.StatusCode, page.HttpContext).ExecuteAsync(page.HttpContext));
        app.UseMiddleware<HeadRequests>();
        app.UseRouting();
        app.UseMiddleware<RateLimits>();
        app.UseMiddleware<BodySize>();
        app.UseMiddleware<BodyCharset>();
        app.UseAuthentication();
        app.UseMiddleware<KeyLimits>();
        app.UseAuthorization();
        app.UseMiddleware<ParameterLimits>();
        AllEndpoints.Map(app);
        ApiDocument.Map(app);
    }

    private static void UseProxies(WebApplication app)
    {
        var trusted = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value.TrustedProxies;
        if (trusted.Count == 0)
            return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // As many hops as are trusted; the first address that is not is the caller.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in trusted)
        {
            if (IPAddress.TryParse(proxy, out var address))
                options.KnownProxies.Add(address);
            else
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
        }
        app.UseForwardedHeaders(options);
    }

    private static void AddOptions(WebApplicationBuilder builder)
    {
        var options = new ServerOptions();
        try
        {
            builder.Configuration.GetSection(ServerOptions.Section).Bind(options);
        }
        catch (InvalidOperationException failure)
        {
            // The binder names the section and the value's type, not the value.
            throw new GamekeeperException("configuration.invalid", failure.Message, failure);
        }
        if (options.Problems().FirstOrDefault() is { } problem)
            throw new GamekeeperException("configuration.invalid", problem);
        builder.Services.AddSingleton(Options.Create(options));
    }
}
