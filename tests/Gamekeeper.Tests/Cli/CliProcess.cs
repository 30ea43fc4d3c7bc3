using System.Diagnostics;
using System.Text.Json;

namespace Gamekeeper.Tests.Cli;

/// <summary>The command as people run it: a process, with its own arguments, environment and two streams.</summary>
internal static class CliProcess
{
    private static readonly string Program = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "Gamekeeper.Cli", "release", "Gamekeeper.Cli.dll"));

    public static Task<CliResult> RunAsync(string home, params string[] arguments) => RunAsync(home, new Dictionary<string, string?>(), arguments);

    public static async Task<CliResult> RunAsync(string home, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using var process = Start(home, environment, arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(8));
        return new CliResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts it and leaves it running.</summary>
    public static Process Start(string home, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        // With the signals' ordinary meaning, which a run in the background would hand down as ignored.
        var info = new ProcessStartInfo("env", ["--default-signal=INT,QUIT", "dotnet", Program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["GAMEKEEPER_HOME"] = home;
        // What this machine is configured with is no part of a test.
        foreach (var name in info.Environment.Keys.Where(k => k.StartsWith("ConnectionStrings__", StringComparison.Ordinal)).ToList())
            info.Environment.Remove(name);
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        return Process.Start(info)!;
    }
}

/// <summary>What came of it.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Errors)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Output);

    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
