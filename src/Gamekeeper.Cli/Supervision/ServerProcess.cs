namespace Gamekeeper.Cli.Supervision;

/// <summary>The API server as a child: what it is started with, and how one knows that it serves.</summary>
/// <param name="Program">The server's assembly.</param>
/// <param name="Url">Where it is to listen.</param>
/// <param name="Environment">Its configuration as it stands at a start; by environment and never on the command line, which every user can read.</param>
/// <param name="LogFile">Where it writes.</param>
internal sealed record ServerProcess(string Program, string Url, Func<IReadOnlyDictionary<string, string>> Environment, string LogFile)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

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

    /// <summary>Returns once the server answers that it is ready; false when the process ended before.</summary>
    public async Task<bool> WaitUntilReadyAsync(ChildProcess process, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        while (!process.Exited.IsCompleted)
        {
            if (await AnswersAsync(client, new Uri(Url + "/health/ready"), cancellationToken))
                return true;
            await Task.WhenAny(process.Exited, Task.Delay(LookAgain, clock, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
        return false;
    }

    /// <summary>True when the address answers with success.</summary>
    public static async Task<bool> AnswersAsync(HttpClient client, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync(address, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception notYet) when (notYet is HttpRequestException || (notYet is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
