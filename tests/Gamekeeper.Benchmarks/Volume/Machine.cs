using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Gamekeeper.Benchmarks.Volume;

/// <summary>What the numbers were made on.</summary>
internal static class Machine
{
    /// <summary>The settings of the server that bear on the numbers.</summary>
    private const string Settings =
        "select name, current_setting(name) from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', "
        + "'max_wal_size', 'wal_compression', 'commit_delay', 'autovacuum', 'jit', 'work_mem', 'random_page_cost') order by name";

    /// <summary>As lines of markdown.</summary>
    /// <exception cref="GamekeeperException"><c>bench.not-durable</c>: commits of this server are not safe; its numbers would say nothing.</exception>
    public static async Task<string> DescribeAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        var settings = await database.QueryAsync(Settings, cancellationToken);
        foreach (var needed in new[] { "fsync", "synchronous_commit", "full_page_writes" })
            if (settings.Single(s => s[0] == needed)[1] != "on")
                throw new GamekeeperException("bench.not-durable", $"{needed} is off on the server that was started; nothing is measured without it.");
        var version = (await database.QueryAsync("select version()", cancellationToken))[0][0];
        var options = database.Options;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"- Machine: {Environment.ProcessorCount} cores ({Processor()}), {Memory()} of memory, Linux {Environment.OSVersion.Version}, shared by server, pgbench and us.\n");
        text.Append(CultureInfo.InvariantCulture, $"- .NET {Environment.Version}, {(System.Runtime.GCSettings.IsServerGC ? "server" : "workstation")} garbage collector, socket completions {(InlineCompletions.IsOn ? "inline" : "through the thread pool")} (`{InlineCompletions.Variable}`), {RuntimeInformation.OSArchitecture}.\n");
        text.Append(CultureInfo.InvariantCulture, $"- {version.Split(',')[0]}, unix socket; {string.Join(", ", settings.Select(s => $"`{s[0]}` {s[1]}"))}.\n");
        text.Append(CultureInfo.InvariantCulture, $"- {options.Users:N0} players, {options.Cards:N0} cards, {options.Templates} templates; {options.Rounds} runs of {options.Duration.TotalSeconds:0.##} s a side, in turn; the first {options.WarmUp.TotalSeconds:0.##} s of each are not counted; medians.\n");
        return text.ToString();
    }

    private static string Processor() =>
        File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unnamed"
            : "unnamed";

    private static string Memory() =>
        $"{(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024)).ToString("0.#", CultureInfo.InvariantCulture)} GB";
}
