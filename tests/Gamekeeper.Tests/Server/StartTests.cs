using System.Diagnostics;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Server;

/// <summary>The program itself, as a process: what it says when the environment lacks something.</summary>
public sealed class StartTests
{
    private const string Key = "Gamekeeper__MasterKey";
    private const string Connection = "ConnectionStrings__Postgres";

    [Theory]
    [InlineData(Connection, null, Connection)]
    [InlineData(Key, null, Key)]
    [InlineData(Key, "c2hvcnQ=", Key)]
    [InlineData("Gamekeeper__RateLimit__PerMinute", "0", "Gamekeeper:RateLimit:PerMinute")]
    [InlineData("Gamekeeper__TrustedProxies__0", "proxy.example", "Gamekeeper:TrustedProxies")]
    [InlineData("Gamekeeper__Database__MaxConnections", "0", "Gamekeeper:Database:MaxConnections")]
    [InlineData("Gamekeeper__Redis__CommandTimeout", "00:00:00", "Gamekeeper:Redis:CommandTimeout")]
    [InlineData("ConnectionStrings__Redis", "ftp://app:hunter2@cache", "ConnectionStrings__Redis")]
    [InlineData("Gamekeeper__Accounts__RefreshTokenLifetime", "00:00:01", "Gamekeeper:Accounts:RefreshTokenLifetime")]
    public async Task What_is_missing_or_out_of_range_is_told_in_one_line_and_exit_code_2(string variable, string? value, string named)
    {
        var environment = new Dictionary<string, string?>
        {
            [Connection] = ServerHost.NoDatabase,
            [Key] = TestDatabase.MasterKeyText,
            [variable] = value,
        };
        var (code, said) = await RunAsync(environment);
        code.ShouldBe(2, said);
        said.Trim().Split('\n').Length.ShouldBe(1, said);
        said.ShouldContain(named);
        said.ShouldStartWith("configuration.");
    }

    private static async Task<(int Code, string Said)> RunAsync(IDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Gamekeeper.Server.dll"), "--urls", "http://127.0.0.1:0"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill();
            throw new TimeoutException($"It did not end: {error} {await output}", late);
        }
        return (process.ExitCode, error);
    }
}
