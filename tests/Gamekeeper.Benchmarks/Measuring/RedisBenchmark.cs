using System.Diagnostics;
using System.Globalization;
using Gamekeeper.Benchmarks.Volume;

namespace Gamekeeper.Benchmarks.Measuring;

/// <summary>The limit of what comes from Redis: redis-benchmark, one command at a time on each of its connections.</summary>
internal sealed class RedisBenchmark(string program, int port)
{
    // It counts commands and knows no time, so each run is as long as the rate of the one before makes it.
    private readonly Dictionary<string, double> _rates = new(StringComparer.Ordinal);

    /// <summary>GETs on keys of the form prefix and twelve digits, drawn at random.</summary>
    /// <param name="clients">Connections, one command under way on each.</param>
    /// <param name="duration">How long, roughly.</param>
    /// <param name="prefix">What the keys begin with.</param>
    /// <param name="keys">How many there are, numbered from 0.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it said.</exception>
    public async Task<Run> GetAsync(int clients, TimeSpan duration, string prefix, int keys, CancellationToken cancellationToken)
    {
        var kind = $"{clients} {prefix}";
        var rate = _rates.GetValueOrDefault(kind, defaultValue: 10_000);
        var run = Parse(
            await ExecuteAsync(
                [
                    "-h", "127.0.0.1", "-p", Text(port), "-c", Text(clients), "-P", "1", "-n", Text((int)Math.Max(1_000, rate * duration.TotalSeconds)),
                    "-r", Text(keys), "--csv", "GET", $"{prefix}__rand_int__",
                ],
                cancellationToken
            )
        );
        _rates[kind] = run.PerSecond;
        return run;
    }

    /// <summary>The key of this number, as it makes it of a prefix.</summary>
    public static string Key(string prefix, int number) => prefix + number.ToString("D12", CultureInfo.InvariantCulture);

    // "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms", and a line of values.
    internal static Run Parse(string csv)
    {
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var names = Array.FindIndex(lines, l => l.StartsWith("\"test\"", StringComparison.Ordinal));
        if (names < 0 || names + 1 >= lines.Length)
            throw new InvalidOperationException($"redis-benchmark printed no table:\n{csv}");
        var columns = lines[names].Split(',').Select(c => c.Trim('"')).ToList();
        // The name of the test comes first and may hold commas.
        var values = lines[names + 1].Split("\",\"")[^(columns.Count - 1)..].Select(v => double.Parse(v.Trim('"', '\r'), CultureInfo.InvariantCulture)).ToList();
        double Value(string column) => values[columns.IndexOf(column) - 1];
        return new Run(
            Value("rps"),
            TimeSpan.FromMilliseconds(Value("p50_latency_ms")),
            TimeSpan.FromMilliseconds(Value("p99_latency_ms")),
            P95: TimeSpan.FromMilliseconds(Value("p95_latency_ms"))
        );
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<string> ExecuteAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(BenchRedis.StartInfo(program, arguments))!;
        await using var killed = cancellationToken.UnsafeRegister(_ => process.Kill(), state: null);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"redis-benchmark ended with {process.ExitCode}:\n{await errors}{await output}");
    }
}
