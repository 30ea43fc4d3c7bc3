namespace Gamekeeper.Cli.Supervision;

/// <summary>The API server as a child: what it is started with, and how one knows that it serves.</summary>
/// <param name="Program">The server's assembly.</param>
/// <param name="Url">Where it is to listen.</param>
/// <param name="Environment">Its configuration as it stands at a start; by environment and never on the command line, which every user can read.</param>
/// <param name="LogFile">Where it writes.</param>
internal sealed record ServerProcess(string Program, string Url, Func<IReadOnlyDictionary<string, string>> Environment, string LogFile)
{
    private const int LongestAnswer = 500;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ExpectedWithin = TimeSpan.FromSeconds(10);

    /// <summary>The server that was built together with this command.</summary>
    /// <exception cref="GamekeeperException"><c>server.not-built</c>: it is not where it should be.</exception>
    public static string FindProgram()
    {
        string[] places =
        [
            Path.Combine(AppContext.BaseDirectory, "..", "..", "Gamekeeper.Server", "release", "Gamekeeper.Server.dll"),
            Path.Combine(AppContext.BaseDirectory, "server", "Gamekeeper.Server.dll"),
        ];
        return places.Select(Path.GetFullPath).FirstOrDefault(File.Exists)
            ?? throw new GamekeeperException("server.not-built", $"The server is not at {Path.GetFullPath(places[0])}. Build it: dotnet build -c Release.");
    }

    public Task<ChildProcess> LaunchAsync()
    {
        LogTail.Rotate(LogFile);
        return ChildProcess.LaunchAsync(["dotnet", Program], Environment(), LogFile, Path.GetDirectoryName(Program)!);
    }

    /// <summary>Waits until the server answers that it is ready, its process has ended, or <paramref name="patience"/> is over.</summary>
    /// <param name="process">The server.</param>
    /// <param name="patience">How long; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it runs.</param>
    /// <param name="say">Told once what it answers, when it takes longer than people expect.</param>
    /// <param name="clock">Measures.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<Readiness> WaitUntilReadyAsync(
        ChildProcess process, TimeSpan patience, Action<string> say, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var client = Loopback.Client(TimeSpan.FromSeconds(5));
        var (started, told) = (clock.GetTimestamp(), false);
        while (!process.Exited.IsCompleted)
        {
            var (isReady, answer) = await AskAsync(client, new Uri(Url + "/health/ready"), cancellationToken);
            if (isReady)
                return new Readiness.Ready();
            var waited = clock.GetElapsedTime(started);
            if (patience != Timeout.InfiniteTimeSpan && waited >= patience)
                return new Readiness.TooLate(answer);
            if (!told && waited >= ExpectedWithin)
            {
                told = true;
                say($"The server is not ready after {waited.TotalSeconds:0} s; {Url}/health/ready: {answer}. Still waiting; its log: {LogFile}");
            }
            await Task.WhenAny(process.Exited, Task.Delay(LookAgain, clock, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
        return new Readiness.Ended(await process.Exited);
    }

    /// <summary>True when the address answers with success.</summary>
    public static async Task<bool> AnswersAsync(HttpClient client, Uri address, CancellationToken cancellationToken) =>
        (await AskAsync(client, address, cancellationToken)).IsReady;

    private static async Task<(bool IsReady, string Answer)> AskAsync(HttpClient client, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync(address, cancellationToken);
            if (answer.IsSuccessStatusCode)
                return (true, "ready");
            var body = (await answer.Content.ReadAsStringAsync(cancellationToken)).ReplaceLineEndings(" ").Trim();
            return (false, $"{(int)answer.StatusCode} {(body.Length > LongestAnswer ? body[..LongestAnswer] + "…" : body)}".TrimEnd());
        }
        catch (Exception notYet) when (notYet is HttpRequestException || (notYet is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (false, notYet.Message);
        }
    }
}
