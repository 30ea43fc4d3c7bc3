using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Playing;

/// <summary>HTTP to the servers under proof, each through connections that stay open.</summary>
internal sealed class Wire : IDisposable
{
    private static readonly TimeSpan BeforeNext = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan WithinFor = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock;
    private readonly HttpClient[] _clients;

    public Wire(IReadOnlyList<Uri> addresses, TimeProvider clock)
    {
        _clock = clock;
        _clients = [.. addresses.Select(a => new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(2) }) { BaseAddress = a, Timeout = Timeout.InfiniteTimeSpan })];
    }

    public int Nodes => _clients.Length;

    public long Now => _clock.GetTimestamp();

    public TimeProvider Clock => _clock;

    /// <summary>Sends it once, and gives it up after a while.</summary>
    public async Task<WireAnswer> SendAsync(int node, HttpRequestMessage message, TimeSpan within, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(within, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var began = Now;
        try
        {
            using var answer = await _clients[node].SendAsync(message, either.Token);
            var bytes = await answer.Content.ReadAsByteArrayAsync(either.Token);
            var ended = Now;
            var status = (int)answer.StatusCode;
            var body = bytes.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(bytes);
            var source = Sources.Read(answer.Headers.TryGetValues("Cache-Status", out var told) ? string.Join(", ", told) : null);
            var isReplay = answer.Headers.TryGetValues("Idempotency-Replayed", out var replayed) && replayed.Contains("true");
            var read = new WireAnswer(began, ended, status, body, source, isReplay, null);
            // "Not now", and "nobody knows".
            return status == 503 || read.Code == "database.conflict" ? read with { Failure = read.Code } : read;
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or JsonException || (lost is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new WireAnswer(began, Now, 0, default, Source.None, false, lost is OperationCanceledException ? "no answer in time" : "connection lost");
        }
    }

    /// <summary>Asks one server after the other until one answers; for what stands beside the proof.</summary>
    /// <exception cref="TimeoutException">Nobody did within two minutes.</exception>
    public async Task<WireAnswer> AnsweredAsync(Func<HttpRequestMessage> make, int firstNode, CancellationToken cancellationToken)
    {
        var started = Now;
        for (var attempt = firstNode; ; attempt++)
        {
            using var message = make();
            var answer = await SendAsync(attempt % Nodes, message, WithinFor, cancellationToken);
            if (answer.Failure is null)
                return answer;
            if (_clock.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"No server of the proof answered within {Patience.TotalMinutes:0} minutes: {answer.Failure}.");
            await Task.Delay(BeforeNext, _clock, cancellationToken);
        }
    }

    public static HttpRequestMessage Message(HttpMethod method, string path, string? token, object? body = null, string? key = null)
    {
        var message = new HttpRequestMessage(method, path);
        if (token is not null)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (key is not null)
            message.Headers.Add("Idempotency-Key", key);
        if (body is not null)
            message.Content = JsonContent.Create(body, body.GetType());
        return message;
    }

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
    }
}
